//! The sandbox's CCAI Platform face over real HTTP: every operation of both APIs, filters and pages, the customer's budget,
//! and calls, chats and states as they go. A plain HTTP client: nothing of our own clients takes part.

#![allow(clippy::unwrap_used)] // clippy.toml allows it in test functions, but not in what they share

mod contacts;
mod day;
mod door;
mod lab;
mod lists;
#[path = "../support/shape.rs"]
mod shape;
mod shapes;
mod starting;
mod statuses;
