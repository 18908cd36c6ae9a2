//! What holds for the shell as a whole.
