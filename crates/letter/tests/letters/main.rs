//! What comes out of the crate, looked at with other eyes: html5ever parses each page again, as a browser would, and
//! [`inspect`] knows nothing of the crate's own lists.

mod benign;
mod bounds;
mod hostile;
mod inspect;
mod pictures;
mod properties;
mod quotes;
