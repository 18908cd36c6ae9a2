//! Departments.

use wire::Error;

use crate::call::Call;
use crate::client::Client;
use crate::loose::record;
use crate::onlinestatus::OnlineStatus;
use crate::paging::List;

record! {
    /// A department.
    pub struct Department {
        /// Which one.
        id: String = "departmentid",
        /// What it is called.
        name: Option<String> = "name",
        /// How it can be reached now.
        online_status: Option<OnlineStatus> = "onlinestatus",
        /// Whether it was deleted.
        deleted: Option<bool> = "deleted",
    }
}

record! {
    /// An agent of a department.
    pub struct DepartmentAgent {
        /// Which one (userid).
        id: String = "userid" | "id" | "agentid",
        /// The contact of the same person.
        contact: Option<String> = "contactid",
        /// E-mail address.
        email: Option<String> = "email" | "username",
        /// First name.
        first_name: Option<String> = "firstname",
        /// Last name.
        last_name: Option<String> = "lastname",
        /// How the agent can be reached now.
        online: Option<OnlineStatus> = "onlineStatus" | "onlinestatus",
    }
}

impl Client {
    /// All departments.
    ///
    /// # Errors
    /// As every request.
    pub async fn departments(&self) -> Result<List<Department>, Error> {
        self.rows(Call::get(["departments"]), "departments").await
    }

    /// One department.
    ///
    /// # Errors
    /// [`Error::NotFound`] if there is none of that id.
    pub async fn department(&self, department: &str) -> Result<Department, Error> {
        self.one(Call::get(["departments", department])).await
    }

    /// The agents of a department. The document does not have this list; other clients use it.
    ///
    /// # Errors
    /// As every request.
    pub async fn department_agents(&self, department: &str) -> Result<List<DepartmentAgent>, Error> {
        self.rows(Call::get(["departments", department, "agents"]), "agents").await
    }
}
