//! The head of a noun group: is it a person, a body of people, a noun that rules know, or a place?

use dateline_gazetteer::{Modifier, RoleId};

use super::noun::{Item, Piece};
use super::run::Chunker;
use crate::lexicon::GroupClass;
use crate::marks;

impl Chunker<'_> {
    pub(super) fn assemble(&mut self, pieces: &[Piece]) {
        let owner = self.owner_before();
        let last_person = pieces.iter().rposition(|p| self.person_piece(p, pieces));
        if let Some(p) = last_person {
            // "Ana Lopez MP": the letters behind the name are the office
            let letters = |x: &Piece| {
                matches!(x.item, Item::Title { plural: false, .. })
                    && (x.from..x.to).all(|k| self.part.tokens[k].upper)
                    && x.to == x.from + 1
            };
            if let [.., name, title] = &pieces[..(p + 2).min(pieces.len())]
                && pieces.len() == p + 2
                && matches!(name.item, Item::Name | Item::Person(_))
                && letters(title)
            {
                let mut turned = pieces[..p].to_vec();
                turned.extend([title.clone(), name.clone()]);
                self.person(&turned, owner);
                return;
            }
            self.person(&pieces[..=p], owner);
            if p + 1 < pieces.len() {
                self.assemble(&pieces[p + 1..]);
            }
            return;
        }
        let head = pieces.iter().rposition(|p| matches!(p.item, Item::Noun(_) | Item::Event(_)));
        // "official details": a weak title in front of a plain word is an adjective
        let bare = |k: usize| match pieces[k].item {
            Item::Title { role, .. } => {
                !matches!(pieces.get(k + 1).map(|p| &p.item), Some(Item::Word)) || !self.weak_title(role)
            }
            _ => !matches!(pieces.get(k + 1).map(|p| &p.item), Some(Item::Word)),
        };
        let title =
            (0..pieces.len()).rev().find(|k| matches!(pieces[*k].item, Item::Title { .. } | Item::Leader) && bare(*k));
        let group = pieces.iter().rposition(|p| matches!(p.item, Item::Group(_) | Item::Source));
        let after = |a: Option<usize>, b: Option<usize>| a.is_some() && a > b;
        if after(head, title) && after(head, group) {
            self.noun(pieces, head.unwrap_or(0), owner);
        } else if after(title, group) {
            let t = title.unwrap_or(0);
            match pieces[t].item {
                Item::Title { plural: true, .. } => self.group(pieces, t, GroupClass::Sent),
                _ => self.person(&pieces[..=t], owner),
            }
            if t + 1 < pieces.len() {
                self.assemble(&pieces[t + 1..]);
            }
        } else if let Some(g) = group {
            let class = match pieces[g].item {
                Item::Group(c) => c,
                _ => GroupClass::Civil,
            };
            self.group(pieces, g, class);
        } else {
            self.places(pieces);
        }
    }

    /// A title that says little by itself, in front of a word that follows at once.
    pub(super) fn weak_title(&self, role: RoleId) -> bool {
        use dateline_gazetteer::RoleClass::{HeadOfGovernment, HeadOfState};
        !matches!(self.engine.gazetteer.role(role).class, HeadOfGovernment | HeadOfState)
    }

    pub(super) fn person_piece(&self, p: &Piece, pieces: &[Piece]) -> bool {
        match &p.item {
            Item::Person(_) => true,
            Item::Name => {
                let folded = self.part.folded(p.to - 1);
                let first = self.part.folded(p.from);
                let titled = pieces.iter().take_while(|x| x.from < p.from).any(|x| {
                    matches!(
                        x.item,
                        Item::Title { plural: false, .. } | Item::Leader | Item::Modifier(Modifier::Neutral)
                    )
                });
                let words = p.to - p.from;
                let last = self.part.lower(p.to - 1);
                if words > 1
                    && !titled
                    && matches!(last, "airport" | "palace" | "castle" | "hotel" | "stadium" | "cathedral")
                {
                    return false;
                }
                let people = self.engine.gazetteer.persons_by_family(folded);
                titled
                    || self.registry.knows(folded)
                    || (words == 1 && !people.is_empty() && (p.from > self.start || !self.common_start(p.from)))
                    || (words > 1 && (self.engine.gazetteer.is_given_name(first) || !people.is_empty()))
                    || (words > 1 && self.capitals(p) < 5 && !self.organisation_like(p))
            }
            _ => false,
        }
    }

    /// How many words of a name begin with a capital ("bin", "al" and hyphens don't count).
    fn capitals(&self, p: &Piece) -> usize {
        (p.from..p.to).filter(|i| self.part.tokens[*i].capital).count()
    }

    /// A lone capitalised word at the start of a sentence that the lexicon knows in small letters.
    pub(super) fn common_start(&self, at: usize) -> bool {
        self.part.is(at, marks::ONE)
    }

    pub(super) fn organisation_like(&self, p: &Piece) -> bool {
        (p.from..p.to).any(|i| {
            matches!(
                self.part.lower(i),
                "inc"
                    | "inc."
                    | "corp"
                    | "corp."
                    | "co"
                    | "co."
                    | "ltd"
                    | "ltd."
                    | "bank"
                    | "university"
                    | "ministry"
                    | "group"
                    | "house"
                    | "court"
                    | "council"
                    | "party"
                    | "times"
                    | "news"
                    | "agency"
                    | "post"
                    | "street"
                    | "square"
                    | "palace"
                    | "airport"
                    | "hotel"
                    | "centre"
                    | "center"
                    | "institute"
                    | "company"
                    | "committee"
                    | "commission"
                    | "union"
                    | "airlines"
                    | "church"
                    | "fund"
                    | "league"
                    | "cup"
                    | "day"
                    | "war"
                    | "act"
                    | "river"
                    | "island"
                    | "islands"
                    | "sea"
                    | "mountain"
                    | "valley"
                    | "lake"
                    | "bay"
                    | "province"
                    | "state"
                    | "city"
                    | "club"
                    | "games"
                    | "world"
                    | "international"
                    | "national"
                    | "united"
                    | "american"
                    | "operation"
                    | "radio"
                    | "herald"
            )
        })
    }
}
