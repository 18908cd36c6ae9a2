//! daktela
