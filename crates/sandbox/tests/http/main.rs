//! The sandbox over real HTTP, with a plain HTTP client and plain JSON: nothing of our own clients takes part.

#![allow(clippy::unwrap_used)] // clippy.toml allows it in test functions, but not in what they share

mod calls;
mod control;
mod faults;
mod files;
mod lab;
mod letters;
mod pull;
mod query;
mod records;
mod scenarios;
mod session;
mod sign_in;
mod switches;
mod tickets;
