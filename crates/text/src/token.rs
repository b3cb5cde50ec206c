//! Tokens: words, numbers and marks as spans of the text.

/// What a token is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum TokenKind {
    /// Letters, with dots inside abbreviations ("U.S.", "Mr.") and apostrophes inside names ("O'Brien").
    Word,
    /// Digits with their separators ("1,200", "12.5", "1987-04-03", "10:30"), or an ordinal ("7th").
    Number,
    /// The possessive ending: 's, or a lone apostrophe after s.
    Possessive,
    /// A hyphen inside a compound ("four-day").
    Hyphen,
    /// A dash that sets words apart.
    Dash,
    /// A quotation mark of any form.
    Quote,
    /// A line end; two or more are one token.
    Newline,
    /// Any other mark.
    Punct(char),
}

/// A token: the bytes `[start, end)` of the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Token {
    /// First byte.
    pub start: u32,
    /// One past the last byte.
    pub end: u32,
    /// What it is.
    pub kind: TokenKind,
    /// The first letter is a capital.
    pub capital: bool,
    /// All letters are capitals (and there are at least two, or dots between them).
    pub upper: bool,
    /// White space stands before it.
    pub spaced: bool,
}

impl Token {
    /// The token's text.
    pub fn text<'a>(&self, text: &'a str) -> &'a str {
        text.get(self.start as usize..self.end as usize).unwrap_or("")
    }
}

const ABBREVIATIONS: &[&str] = &[
    "mr", "mrs", "ms", "dr", "gen", "lt", "col", "sgt", "capt", "maj", "sen", "rep", "gov", "prof", "st", "jan", "feb",
    "mar", "apr", "jun", "jul", "aug", "sep", "sept", "oct", "nov", "dec", "no", "vs", "inc", "corp", "co", "ltd",
    "jr", "sr", "hon", "rev", "adm", "brig", "cmdr", "amb", "ft", "mt", "messrs", "mme", "supt", "cpl", "pct",
    "approx", "est",
];

fn is_apostrophe(c: char) -> bool {
    matches!(c, '\'' | '’' | '‘' | 'ʼ' | '`' | '´')
}

fn is_dash(c: char) -> bool {
    matches!(c, '–' | '—' | '―' | '−')
}

/// Splits a text into tokens, in linear time. A text of more than 4 GiB is cut.
pub fn tokenize(text: &str) -> Vec<Token> {
    let text = text.get(..text.len().min(u32::MAX as usize)).unwrap_or(text);
    let mut scanner = Scanner { text, at: 0, tokens: Vec::with_capacity(text.len() / 5 + 8), spaced: false };
    while scanner.at < text.len() {
        scanner.step();
    }
    scanner.tokens
}

struct Scanner<'a> {
    text: &'a str,
    at: usize,
    tokens: Vec<Token>,
    spaced: bool,
}

impl Scanner<'_> {
    fn peek(&self, at: usize) -> Option<char> {
        match self.text.as_bytes().get(at) {
            Some(b) if b.is_ascii() => Some(char::from(*b)),
            _ => self.text.get(at..).and_then(|s| s.chars().next()),
        }
    }

    fn push(&mut self, start: usize, end: usize, kind: TokenKind) {
        let letters = &self.text[start..end];
        let word = kind == TokenKind::Word;
        let capital = word && letters.chars().next().is_some_and(char::is_uppercase);
        let upper = capital && letters.len() > 1 && !letters.chars().any(char::is_lowercase);
        self.tokens.push(Token { start: start as u32, end: end as u32, kind, capital, upper, spaced: self.spaced });
        self.spaced = false;
        self.at = end;
    }

    fn step(&mut self) {
        let start = self.at;
        let Some(c) = self.peek(start) else {
            self.at = self.text.len();
            return;
        };
        let next = start + c.len_utf8();
        match c {
            '\n' | '\r' | '\u{2028}' | '\u{2029}' => self.newline(start),
            c if c.is_whitespace() || c.is_control() || c == '\u{200b}' || c == '\u{feff}' => {
                self.spaced = true;
                self.at = next;
            }
            c if c.is_alphabetic() => self.word(start),
            c if c.is_ascii_digit() => self.number(start),
            c if is_apostrophe(c) => self.apostrophe(start, next),
            '"' | '“' | '”' | '„' | '«' | '»' => self.push(start, next, TokenKind::Quote),
            '-' => self.hyphen(start),
            c if is_dash(c) => self.push(start, next, TokenKind::Dash),
            c => self.push(start, next, TokenKind::Punct(c)),
        }
    }

    fn newline(&mut self, start: usize) {
        let rest = &self.text[start..];
        let end = start + rest.find(|c: char| !c.is_whitespace()).unwrap_or(rest.len());
        // Only the part up to the last line end: spaces that indent the next line are just space.
        self.push(start, end, TokenKind::Newline);
        self.spaced = true;
    }

    fn hyphen(&mut self, start: usize) {
        let run = self.text[start..].bytes().take_while(|b| *b == b'-').count();
        let end = start + run;
        let before = self.tokens.last().is_some_and(|t| t.end as usize == start && !self.spaced);
        let after = self.peek(end).is_some_and(char::is_alphanumeric);
        let kind = if run == 1 && before && after { TokenKind::Hyphen } else { TokenKind::Dash };
        self.push(start, end, kind);
    }

    fn apostrophe(&mut self, start: usize, next: usize) {
        let attached = !self.spaced && self.tokens.last().is_some_and(|t| t.end as usize == start);
        let after = self.text[next..].chars().take(2).collect::<Vec<_>>();
        let s = matches!(after.first(), Some('s' | 'S')) && !after.get(1).is_some_and(|c| c.is_alphanumeric());
        let word = self.tokens.last().is_some_and(|t| matches!(t.kind, TokenKind::Word | TokenKind::Number));
        if attached && word && s {
            self.push(start, next + 1, TokenKind::Possessive);
        } else if attached
            && word
            && self.text[..start].ends_with(['s', 'S', 'x', 'z'])
            && !after.first().is_some_and(|c| c.is_alphabetic())
        {
            self.push(start, next, TokenKind::Possessive);
        } else {
            self.push(start, next, TokenKind::Quote);
        }
    }

    fn word(&mut self, start: usize) {
        let bytes = self.text.as_bytes();
        let mut end = start;
        loop {
            while bytes.get(end).is_some_and(u8::is_ascii_alphabetic) {
                end += 1;
            }
            let Some(c) = self.peek(end) else { break };
            let next = end + c.len_utf8();
            let letter_after = || self.peek(next).is_some_and(char::is_alphabetic);
            let joined = match c {
                c if c.is_alphabetic() || is_mark(c) => true,
                c if c.is_ascii_digit() => end > start, // "G7", "B52"
                // O'Brien, N'Djamena; but not the possessive in "Xi's"
                c if is_apostrophe(c) => {
                    end > start && end - start <= 3 && letter_after() && !possessive_follows(&self.text[next..])
                }
                '.' => {
                    letter_after()
                        && single_letter(&self.text[start..end])
                        && self.text[next..].chars().nth(1).is_none_or(|c| c == '.' || !c.is_alphanumeric())
                }
                '&' => end - start == 1 && letter_after(),
                _ => false,
            };
            if !joined {
                break;
            }
            end = next;
        }
        if end == start {
            end += self.peek(start).map_or(1, char::len_utf8);
        }
        let word = &self.text[start..end];
        let dotted = || word.contains('.') || (word.chars().count() == 1 && word.chars().all(char::is_uppercase));
        if self.peek(end) == Some('.')
            && (dotted()
                || (word.len() <= 6
                    && ABBREVIATIONS.contains(&word.to_lowercase().as_str())
                    && self.abbreviation_here(word, end)))
        {
            end += 1;
        }
        self.push(start, end, TokenKind::Word);
    }

    /// "no.", "co.", "mar." are abbreviations only before a digit or a capital letter, or where they are capitalised.
    fn abbreviation_here(&self, word: &str, dot: usize) -> bool {
        let after = self.text[dot + 1..].chars().find(|c| !c.is_whitespace());
        let lower = word.chars().all(char::is_lowercase);
        match after {
            Some(c) if c.is_ascii_digit() => true,
            Some(c) if c.is_alphabetic() => {
                !lower
                    || c.is_lowercase()
                    || !matches!(word, "no" | "co" | "mar" | "rep" | "gen" | "hon" | "est" | "st" | "inc")
            }
            Some(',') => true,
            _ => false,
        }
    }

    fn number(&mut self, start: usize) {
        let bytes = self.text.as_bytes();
        let digit = |i: usize| bytes.get(i).is_some_and(u8::is_ascii_digit);
        let mut end = start;
        while digit(end) {
            end += 1;
        }
        // an ISO date is one token
        if end - start == 4 && bytes.get(end) == Some(&b'-') && digit(end + 1) && digit(end + 2) {
            let month = end + 3;
            if bytes.get(month) == Some(&b'-') && digit(month + 1) && digit(month + 2) && !digit(month + 3) {
                return self.push(start, month + 3, TokenKind::Number);
            }
        }
        while matches!(bytes.get(end), Some(b',' | b'.' | b':')) && digit(end + 1) {
            let grouped = bytes.get(end) != Some(&b',') || (digit(end + 2) && digit(end + 3) && !digit(end + 4));
            if !grouped {
                break;
            }
            end += 1;
            while digit(end) {
                end += 1;
            }
        }
        for ending in ["st", "nd", "rd", "th"] {
            let tail = self.text.get(end..end + 2).unwrap_or("");
            if tail.eq_ignore_ascii_case(ending) && !self.peek(end + 2).is_some_and(char::is_alphanumeric) {
                end += 2;
                break;
            }
        }
        self.push(start, end, TokenKind::Number);
    }
}

fn is_mark(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36f}' | '\u{64b}'..='\u{65f}')
}

fn possessive_follows(rest: &str) -> bool {
    let mut chars = rest.chars();
    matches!(chars.next(), Some('s' | 'S')) && !chars.next().is_some_and(char::is_alphanumeric)
}

/// The part behind the last full stop is one letter (as those before it are, or it would not have been joined).
fn single_letter(word: &str) -> bool {
    let last = word.rfind('.').map_or(word, |dot| &word[dot + 1..]);
    last.chars().nth(1).is_none()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> Vec<&str> {
        tokenize(text).iter().map(|t| t.text(text)).collect()
    }

    #[test]
    fn tokens_read_like_a_specification() {
        let cases: &[(&str, &[&str])] = &[
            ("Xi's visit", &["Xi", "'s", "visit"]),
            ("the leaders’ talks", &["the", "leaders", "’", "talks"]),
            ("U.S. President J. D. Vance", &["U.S.", "President", "J.", "D.", "Vance"]),
            ("a four-day trip", &["a", "four", "-", "day", "trip"]),
            ("soldiers—who", &["soldiers", "—", "who"]),
            ("BEIJING, Nov. 4, 2005 (Xinhua)", &["BEIJING", ",", "Nov.", "4", ",", "2005", "(", "Xinhua", ")"]),
            ("PARIS 1996-08-22\nHe", &["PARIS", "1996-08-22", "\n", "He"]),
            ("7th to 10th, $1,200.50", &["7th", "to", "10th", ",", "$", "1,200.50"]),
            ("O'Brien met N'Djamena's mayor", &["O'Brien", "met", "N'Djamena", "'s", "mayor"]),
            ("He left. She", &["He", "left", ".", "She"]),
            ("G7 leaders -- all", &["G7", "leaders", "--", "all"]),
            ("May 7-10", &["May", "7", "-", "10"]),
            ("\"No,\" he said", &["\"", "No", ",", "\"", "he", "said"]),
            ("he said no. Mr. Li", &["he", "said", "no", ".", "Mr.", "Li"]),
        ];
        for (text, expected) in cases {
            assert_eq!(words(text), *expected, "{text}");
        }
    }

    proptest::proptest! {
        #[test]
        fn tokens_are_ordered_spans_of_the_text_and_only_space_lies_between(text in "\\PC{0,80}") {
            let mut at = 0;
            for t in tokenize(&text) {
                proptest::prop_assert!(t.start as usize >= at && t.end > t.start && text.is_char_boundary(t.end as usize));
                let between = &text[at..t.start as usize];
                let blank = |c: char| c.is_whitespace() || c.is_control() || "\u{200b}\u{feff}".contains(c);
                proptest::prop_assert!(between.chars().all(blank));
                at = t.end as usize;
            }
        }
    }
}
