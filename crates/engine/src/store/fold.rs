//! Folding: what makes "dvorak" find "Dvořák" and "strasse" find "Straße". The same function serves the index, the
//! search text and the order of lists.

use unicode_normalization::UnicodeNormalization;

/// Lower case, without accents and other dress.
///
/// Compatibility decomposition first, then the combining accents U+0300–U+036F go. Marks of other scripts stay: they are
/// letters there. Letters that Unicode does not decompose (ł, ø, ß …) are written as people type them without.
pub(super) fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    for letter in text.nfkd().filter(|letter| !('\u{300}'..='\u{36f}').contains(letter)) {
        for lower in letter.to_lowercase().filter(|lower| !('\u{300}'..='\u{36f}').contains(lower)) {
            match lower {
                'ł' => folded.push('l'),
                'ø' => folded.push('o'),
                'đ' | 'ð' => folded.push('d'),
                'ħ' => folded.push('h'),
                'ı' => folded.push('i'),
                'ß' => folded.push_str("ss"),
                'æ' => folded.push_str("ae"),
                'œ' => folded.push_str("oe"),
                'þ' => folded.push_str("th"),
                other => folded.push(other),
            }
        }
    }
    folded
}

#[cfg(test)]
mod tests {
    use super::fold;

    #[test]
    fn accents_and_letters_without_decomposition_fold_as_people_type_them() {
        for (written, typed) in [
            ("Dvořák", "dvorak"),
            ("Łódź", "lodz"),
            ("Straße", "strasse"),
            ("Ærøskøbing", "aeroskobing"),
            ("İstanbul", "istanbul"),
            ("ＡＢＣ１２", "abc12"),
            ("Ελλάδα", "ελλαδα"),
            ("हिन्दी", "हिन्दी"),
        ] {
            assert_eq!(fold(written), typed);
        }
    }
}
