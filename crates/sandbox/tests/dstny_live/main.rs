//! The live part of the sandbox's Dstny face over real HTTP: calls, groups, devices, tickets and streams. Nothing of our
//! own clients takes part.

#![allow(clippy::unwrap_used)] // clippy.toml allows it in test functions, but not in what they share

mod calls;
mod door;
mod groups;
mod joining;
mod lab;
#[path = "../support/shape.rs"]
mod shape;
mod shapes;
mod streams;
mod webhooks;
