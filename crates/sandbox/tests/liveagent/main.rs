//! The sandbox's LiveAgent face over real HTTP: every operation of the document, keys, forms, limits and faults, and
//! conversations as they grow. A plain HTTP client: nothing of our own clients takes part.

#![allow(clippy::unwrap_used)] // clippy.toml allows it in test functions, but not in what they share

mod calls;
mod conversations;
mod door;
mod lab;
mod reports;
#[path = "../support/shape.rs"]
mod shape;
mod shapes;
