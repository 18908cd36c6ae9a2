//! The day's work on the Dstny face beside calls, over real HTTP: contacts, presence, diversions, calendar, log. A plain
//! HTTP client and plain JSON: nothing of our own clients takes part.

#![allow(clippy::unwrap_used)] // clippy.toml allows it in test functions, but not in what they share

mod calendar;
mod lab;
mod log;
mod office;
mod people;
mod presence;
#[path = "../support/shape.rs"]
mod shape;
mod shapes;
