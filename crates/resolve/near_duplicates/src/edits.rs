//! Copies of a text as newsrooms make them, and texts from one template that are no copies; seeded.

/// How a text is made from another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Kind {
    Byline,
    Headline,
    Boilerplate(usize),
    /// Percent of the words edited.
    Words(u64),
    /// Percent that is kept.
    Cut(usize),
    Figure,
    Reordered,
    Joined,
    /// Other people, places and numbers in the same sentences: no copy.
    Template,
}

pub(crate) const KINDS: [Kind; 14] = [
    Kind::Byline,
    Kind::Headline,
    Kind::Boilerplate(1),
    Kind::Boilerplate(4),
    Kind::Words(5),
    Kind::Words(10),
    Kind::Words(20),
    Kind::Cut(75),
    Kind::Cut(50),
    Kind::Cut(30),
    Kind::Figure,
    Kind::Reordered,
    Kind::Joined,
    Kind::Template,
];

impl Kind {
    pub(crate) fn is_copy(self) -> bool {
        self != Self::Template
    }
}

/// SplitMix64.
pub(crate) struct Random(pub(crate) u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    pub(crate) fn below(&mut self, n: usize) -> usize {
        (self.next() % n.max(1) as u64) as usize
    }

    fn pick<'a, T>(&mut self, list: &'a [T]) -> &'a T {
        &list[self.below(list.len())]
    }

    fn shuffle<T>(&mut self, list: &mut [T]) {
        for n in (1..list.len()).rev() {
            list.swap(n, self.below(n + 1));
        }
    }
}

/// A title and a body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Text {
    pub(crate) title: String,
    pub(crate) body: String,
}

const BOILERPLATE: [&str; 8] = [
    "Sign up here for our morning letter and get the five stories that matter before breakfast. You can leave at any time with one click, and we will never give your address to others.",
    "All rights reserved. No part of this page may be copied, stored or sent on without the written leave of the publisher. For licences write to our syndication desk.",
    "Follow us on all channels and never miss an update. Download the app for alerts, live maps and our podcasts, free for the first month and half the price for students.",
    "This article was first put online at an earlier hour and has been updated with further reporting. Our corrections policy and the code of our newsroom can be read on the page about us.",
    "Read more: the week in pictures, the quiz of the day, and why our columnists think that the season will be a hard one. Subscribers find the long version in the weekend supplement.",
    "Do you have a tip for our reporters? Send it through the secure form, or by letter to the desk. We protect those who write to us and answer every message within two working days.",
    "Cookies help us to run this site and to show you what you may like. By reading on you agree to their use; your choices can be changed under settings at the foot of each page.",
    "Our journalism is paid for by readers like you. If you can, support it with a small sum each month and keep it open to everyone. It takes less than a minute and makes a difference.",
];

const BYLINES: [(&str, &str); 4] = [
    ("By Nadia Fenwick and Omar Strand", "(Reporting by Nadia Fenwick; Editing by Karl Moss)"),
    ("From our correspondent", "Additional reporting by Petra Hollis."),
    ("Staff writer", "The writer can be reached at the desk."),
    ("By JONAS WERTH, Diplomatic Editor", "(Writing by Jonas Werth; editing by Lena Brook)"),
];

fn is_name(word: &str) -> bool {
    word.chars().next().is_some_and(char::is_uppercase) && word.chars().count() > 2
}

fn has_digit(word: &str) -> bool {
    word.bytes().any(|b| b.is_ascii_digit())
}

fn sentences(body: &str) -> Vec<String> {
    let mut list: Vec<String> = vec![];
    let mut open = String::new();
    for word in body.split_whitespace() {
        open.push_str(word);
        if word.ends_with(['.', '!', '?']) && word.len() > 3 {
            list.push(std::mem::take(&mut open));
        } else {
            open.push(' ');
        }
    }
    if !open.is_empty() {
        list.push(open);
    }
    list
}

fn paragraphs(body: &str) -> Vec<String> {
    let given: Vec<String> = body.split('\n').filter(|p| !p.trim().is_empty()).map(str::to_owned).collect();
    // A text without paragraphs has one every two sentences.
    if given.len() >= 3 { given } else { sentences(body).chunks(2).map(|s| s.join(" ")).collect() }
}

/// The other digits of a figure.
fn other_figure(word: &str, random: &mut Random) -> String {
    let shift = 1 + random.below(8) as u8;
    let turn = |c: char| match c {
        '0'..='9' => char::from(b'0' + (c as u8 - b'0' + shift) % 10),
        other => other,
    };
    word.chars().map(turn).collect()
}

fn edit_words(body: &str, percent: u64, other: &str, random: &mut Random) -> String {
    let pool: Vec<&str> = other.split_whitespace().collect();
    let mut words: Vec<&str> = vec![];
    for word in body.split_whitespace() {
        if random.below(100) as u64 >= percent {
            words.push(word);
            continue;
        }
        // A word goes, comes or is put in another's place.
        match random.below(4) {
            0 => {}
            1 => words.extend([pool[random.below(pool.len())], word]),
            _ => words.push(pool[random.below(pool.len())]),
        }
    }
    words.join(" ")
}

/// Another story from the same template; `None` where the text has too few names and numbers to tell by.
fn template(text: &Text, other: &Text, random: &mut Random) -> Option<Text> {
    let mid_sentence = |body: &str| -> Vec<String> {
        let words: Vec<&str> = body.split_whitespace().collect();
        let inner = words.windows(2).filter(|w| !w[0].ends_with(['.', '!', '?', '"', '”']) && is_name(w[1]));
        inner.map(|w| w[1].trim_matches(|c: char| !c.is_alphanumeric()).to_owned()).filter(|w| is_name(w)).collect()
    };
    let names = mid_sentence(&text.body);
    let pool: Vec<String> = mid_sentence(&other.body).into_iter().filter(|n| !names.contains(n)).collect();
    let figures = text.body.split_whitespace().filter(|w| has_digit(w)).count();
    if names.len() + figures < 6 || pool.len() < 3 {
        return None;
    }
    let mut instead: std::collections::BTreeMap<String, String> = std::collections::BTreeMap::new();
    let mut change = |body: &str| -> String {
        let words = body.split(' ').map(|word| {
            if has_digit(word) {
                return other_figure(word, random);
            }
            let bare = word.trim_matches(|c: char| !c.is_alphanumeric());
            if !names.iter().any(|n| n == bare) {
                return word.to_owned();
            }
            let new = instead.entry(bare.to_owned()).or_insert_with(|| random.pick(&pool).clone());
            word.replace(bare, new)
        });
        words.collect::<Vec<_>>().join(" ")
    };
    Some(Text { title: change(&text.title), body: change(&text.body) })
}

/// A text made from `text`; `other` is another one. `None` where the kind is not to be had from it.
pub(crate) fn edit(kind: Kind, text: &Text, other: &Text, random: &mut Random) -> Option<Text> {
    let Text { title, body } = text.clone();
    let body = match kind {
        Kind::Byline => {
            let (first, last) = *random.pick(&BYLINES);
            format!("{first}\n{body}\n{last}")
        }
        Kind::Headline => return Some(Text { title: other.title.clone(), body }),
        Kind::Boilerplate(blocks) => {
            let mut own = BOILERPLATE;
            random.shuffle(&mut own);
            let at = random.below(blocks + 1);
            format!("{}\n{body}\n{}", own[..at].join("\n"), own[at..blocks].join("\n"))
        }
        Kind::Words(percent) => edit_words(&body, percent, &other.body, random),
        Kind::Cut(percent) => {
            let words: Vec<&str> = body.split_inclusive(char::is_whitespace).collect();
            words[..words.len() * percent / 100].concat()
        }
        Kind::Figure => {
            let figures: Vec<&str> = body.split_whitespace().filter(|w| has_digit(w)).collect();
            if figures.is_empty() {
                return None;
            }
            let old = *random.pick(&figures);
            body.replacen(old, &other_figure(old, random), 1)
        }
        Kind::Reordered => {
            let mut list = paragraphs(&body);
            if list.len() < 3 {
                return None;
            }
            // The lead stays where it is.
            random.shuffle(&mut list[1..]);
            list.join("\n")
        }
        Kind::Joined => format!("{body}\n{}", other.body),
        Kind::Template => return template(text, other, random),
    };
    Some(Text { title, body })
}
