//! Seeded chance: SplitMix64, so that a seed gives the same world on every machine and with every release of a crate.

/// A small generator of repeatable chance. Not for secrets.
#[derive(Debug, Clone)]
pub(crate) struct Dice(u64);

impl Dice {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed)
    }

    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// A number in `from..to`; `from` if the range is empty.
    pub(crate) fn between(&mut self, from: i64, to: i64) -> i64 {
        let span = u64::try_from(to - from).unwrap_or(0);
        if span == 0 { from } else { from + i64::try_from(self.next() % span).unwrap_or(0) }
    }

    pub(crate) fn chance(&mut self, probability: f64) -> bool {
        // 53 bits are what a f64 holds exactly.
        (self.next() >> 11) as f64 / (1u64 << 53) as f64 >= 1.0 - probability
    }

    /// One of a slice that is not empty.
    pub(crate) fn pick<'a, T>(&mut self, of: &'a [T]) -> &'a T {
        let n = i64::try_from(of.len()).unwrap_or(i64::MAX);
        &of[usize::try_from(self.between(0, n)).unwrap_or(0)]
    }

    /// `digits` lower-case hexadecimal digits.
    pub(crate) fn hex(&mut self, digits: usize) -> String {
        let mut text = String::with_capacity(digits + 16);
        while text.len() < digits {
            text.push_str(&format!("{:016x}", self.next()));
        }
        text.truncate(digits);
        text
    }
}
