//! `offhook accounts routes`: where the operations of an account are found, and an operator's file that says otherwise.

use std::path::PathBuf;

use clap::Subcommand;
use model::{Route, RoutesReport};
use serde_json::json;

use super::End;
use super::accounts::find;
use super::core::Core;

/// The commands of `accounts routes`.
#[derive(Subcommand)]
pub(in crate::cli) enum Routes {
    /// List them, with how sure each is
    Show {
        /// The account's id or name
        account: String,
        /// As JSON
        #[arg(long)]
        json: bool,
    },
    /// Read an operator's Swagger or OpenAPI file, and use what it says for this account
    Import {
        /// The account's id or name
        account: String,
        /// The file, JSON or YAML
        file: PathBuf,
        /// Only show what would change
        #[arg(long)]
        dry_run: bool,
    },
    /// Go back to the standard routes
    Reset {
        /// The account's id or name
        account: String,
    },
}

impl Routes {
    pub(super) async fn run(self, core: &Core) -> Result<End, End> {
        let snapshot = core.snapshot().await?;
        match self {
            Self::Show { account, json } => {
                let routes: Vec<Route> = core.call("routes", json!(find(&snapshot, &account)?)).await?;
                if json {
                    println!("{}", json!(routes));
                } else {
                    routes.iter().for_each(|route| println!("{}", line(route)));
                }
            }
            Self::Import { account, file, dry_run } => {
                let text = std::fs::read_to_string(&file)
                    .map_err(|error| End::Usage(format!("{}: {error}", file.display())))?;
                let account = find(&snapshot, &account)?;
                let request = json!({ "account": account, "text": text, "keep": !dry_run });
                print(&core.call("import_routes", request).await?);
            }
            Self::Reset { account } => {
                let account = find(&snapshot, &account)?;
                let request = json!({ "account": account, "text": null, "keep": true });
                let _: RoutesReport = core.call("import_routes", request).await?;
            }
        }
        Ok(End::Done)
    }
}

fn line(route: &Route) -> String {
    let sure = format!("{:?}", route.provenance).to_lowercase();
    format!("{}\t{}\t{}\t{sure}", route.operation, route.method, route.path)
}

fn print(report: &RoutesReport) {
    for change in &report.changes {
        let (from, to) = (&change.from, &change.to);
        println!("{}\t{} {} → {} {}", from.operation, from.method, from.path, to.method, to.path);
    }
    report.missing.iter().for_each(|route| println!("missing\t{}", line(route)));
    report.unknown.iter().for_each(|unknown| println!("unknown\t{unknown}"));
    let kept = if report.kept { "kept" } else { "not kept" };
    println!("{} as they are, {} moved, {kept}", report.confirmed, report.changes.len());
}
