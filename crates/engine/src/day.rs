//! The agent's day. In the making.

use model::{Day, DayLine, DayQuery, ExportDays, Problem, ProblemCode};

use crate::Engine;

impl Engine {
    /// A day of the agent's.
    ///
    /// # Errors
    /// In the making.
    pub async fn day(&self, _query: DayQuery) -> Result<Day, Problem> {
        Err(Problem::new(ProblemCode::NotPossible))
    }

    /// The days that are kept, newest first.
    ///
    /// # Errors
    /// In the making.
    pub async fn days(&self) -> Result<Vec<DayLine>, Problem> {
        Err(Problem::new(ProblemCode::NotPossible))
    }

    /// Days as CSV.
    ///
    /// # Errors
    /// In the making.
    pub async fn days_as_csv(&self, _days: ExportDays) -> Result<String, Problem> {
        Err(Problem::new(ProblemCode::NotPossible))
    }
}
