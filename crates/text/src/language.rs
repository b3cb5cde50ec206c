//! Is a text English?

/// True when the text is most likely English. Texts under eight words are taken for English: there is too little to tell.
pub fn is_english(text: &str) -> bool {
    let sample: String = text.chars().take(3000).collect();
    let words = sample.split_whitespace().filter(|w| w.chars().any(char::is_alphabetic)).count();
    if words < 8 {
        return sample.chars().filter(|c| c.is_alphabetic()).all(|c| (c as u32) < 0x370);
    }
    matches!(whichlang::detect_language(&sample), whichlang::Lang::Eng)
}

#[cfg(test)]
mod tests {
    use super::is_english;

    #[test]
    fn english_is_told_from_other_languages() {
        assert!(is_english("The president will travel to Russia from May 7th to May 10th for a state visit."));
        assert!(is_english("Xi to visit Moscow"));
        assert!(is_english(
            "TAOISEACH ENDA KENNY VISITS PRESIDENT OF THE UNITED STATES BARACK OBAMA AT THE WHITE HOUSE"
        ));
        for other in [
            "Le président chinois se rendra en Russie du 7 au 10 mai pour une visite d'État, a annoncé le Kremlin.",
            "Der chinesische Präsident reist vom 7. bis 10. Mai zu einem Staatsbesuch nach Russland, teilte der Kreml mit.",
            "Председатель КНР посетит Россию",
            "中国国家主席将对俄罗斯进行国事访问",
        ] {
            assert!(!is_english(other), "{other}");
        }
    }
}
