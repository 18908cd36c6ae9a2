//! What the control interface does to the Dstny face: licences and scopes, open streams, and calls that change by
//! themselves as fast as a benchmark wants.

use crate::Centre;
use crate::control::{Control, Problem, field};
use crate::dstny::{LICENCES, Order, SCOPES};
use crate::world::Refusal;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::sync::atomic::Ordering;
use std::sync::{Arc, Weak};
use std::time::Duration;
use tokio::time::Instant;

/// How often the changes that are due are made.
const TICK: Duration = Duration::from_millis(5);

impl Control {
    /// Does what `method` and `parts` ask of the Dstny face; nothing when they mean something else.
    pub(crate) fn run_dstny(
        &self,
        method: &str,
        parts: &[&str],
        body: &Value,
    ) -> Option<Result<Value, Problem>> {
        Some(match (method, parts) {
            ("POST", ["licences"]) => self.set_of(body, "licences", &LICENCES).map(|(user, licences)| {
                self.0.dstny().tickets.set_licences(&user, licences);
                json!({"ok": true})
            }),
            ("POST", ["scopes"]) => self.set_of(body, "scopes", &SCOPES).map(|(user, scopes)| {
                self.0.dstny().tickets.set_scopes(&user, &scopes);
                json!({"ok": true})
            }),
            ("GET", ["streams"]) => Ok(self.0.streams.list()),
            ("POST", ["streams", "rate"]) => {
                let rate = body.get("per_second").and_then(Value::as_u64);
                rate.ok_or_else(|| Problem::bad("per_second is missing")).map(|rate| {
                    self.change_calls(rate);
                    json!({"ok": true})
                })
            }
            ("POST", ["streams", what]) => {
                let order = match *what {
                    "drop" => Order::Drop,
                    "garbage" => Order::Garbage,
                    "duplicate" => Order::Duplicate,
                    "reorder" => Order::Reorder,
                    "silence" => Order::Silence,
                    _ => return None,
                };
                let named = |name: &str| body.get(name).and_then(Value::as_str);
                Ok(json!({"streams": self.0.streams.order(order, named("user"), named("operation"))}))
            }
            _ => return None,
        })
    }

    /// A user and some of the allowed words.
    fn set_of(
        &self,
        body: &Value,
        name: &str,
        allowed: &[&str],
    ) -> Result<(String, BTreeSet<String>), Problem> {
        let user = field(body, "user")?;
        self.0.world().agent(&user)?;
        let words = body
            .get(name)
            .and_then(Value::as_array)
            .ok_or_else(|| Problem::bad(format!("{name} is missing")))?;
        let words: BTreeSet<String> = words.iter().filter_map(Value::as_str).map(str::to_owned).collect();
        match words.iter().find(|w| !allowed.contains(&w.as_str())) {
            Some(unknown) => Err(Problem::bad(format!("{unknown:?} is none of {}", allowed.join(", ")))),
            None => Ok((user, words)),
        }
    }

    /// Calls of everybody who follows their own calls over a stream change so many times a second in all (0: no more):
    /// they are held and taken up again, in turn. Who has no call gets one.
    pub fn change_calls(&self, per_second: u64) {
        let streams = &self.0.streams;
        streams.rate.store(per_second, Ordering::Relaxed);
        if per_second > 0 && !streams.hurried.swap(true, Ordering::Relaxed) {
            tokio::spawn(hurry(Arc::downgrade(&self.0)));
        }
    }
}

async fn hurry(centre: Weak<Centre>) {
    let mut last = Instant::now();
    let (mut owed, mut turn) = (0.0, 0usize);
    loop {
        tokio::time::sleep(TICK).await;
        let Some(centre) = centre.upgrade() else { return };
        let rate = centre.streams.rate.load(Ordering::Relaxed);
        if rate == 0 {
            centre.streams.hurried.store(false, Ordering::Relaxed);
            return;
        }
        let now = Instant::now();
        owed += (now - std::mem::replace(&mut last, now)).as_secs_f64() * rate as f64;
        let users: Vec<String> = centre.streams.followed().into_iter().collect();
        let mut world = centre.world();
        while owed >= 1.0 {
            owed -= 1.0;
            let Some(user) = users.get(turn % users.len().max(1)) else { continue };
            turn += 1;
            // A device that cannot be reached just now: the next turn may do better.
            let _: Result<(), Refusal> = world.fidget(user);
        }
    }
}
