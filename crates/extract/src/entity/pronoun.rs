//! Whom a pronoun means.

use dateline_gazetteer::Gender;

use super::{At, Entities, Entity};
use crate::chunk::{Kind, Pronoun};
use crate::document::Document;
use crate::lexicon::sym;

impl Entities {
    pub(super) fn pronoun(&mut self, doc: &Document<'_>, at: At, p: Pronoun) {
        if p == Pronoun::They
            && let Some(many) = self.listed_subject(doc, at)
        {
            self.many.insert(at, many);
        }
        if let Some(e) = self.recent(doc, at, p) {
            self.of.insert(at, e);
        }
    }

    /// The people of the last subject before `at`, where it is a list of them.
    fn listed_subject(&self, doc: &Document<'_>, at: At) -> Option<Vec<usize>> {
        for s in [Some(at.0), at.0.checked_sub(1)].into_iter().flatten() {
            let sentence = &doc.sentences[s];
            if sentence.part != doc.sentences[at.0].part {
                return None;
            }
            for clause in sentence.clauses.iter().rev() {
                let before = clause.subject.iter().all(|c| s < at.0 || *c < at.1);
                if !before || clause.subject.is_empty() {
                    continue;
                }
                let people: Vec<usize> = clause.subject.iter().filter_map(|c| self.at((s, *c))).collect();
                let listed = people.len() > 1 && people.iter().all(|e| !self.list[*e].group);
                return listed.then_some(people);
            }
        }
        None
    }

    /// In "During his visit, X said" the pronoun points ahead to the subject of the sentence.
    fn ahead(&self, doc: &Document<'_>, at: At, fits: impl Fn(&Entity) -> bool) -> Option<usize> {
        let sentence = &doc.sentences[at.0];
        let first = sentence.chunks.first()?;
        let fronted = matches!(first.kind, Kind::Mark) || matches!(&first.kind, Kind::Verb(v) if !v.finite);
        let named = sentence.chunks[..at.1].iter().any(|c| matches!(c.kind, Kind::Person(_)));
        let subject = (at.1 + 1..sentence.chunks.len()).find(|c| {
            let subject = sentence.chunks.get(c + 1).is_some_and(|v| matches!(&v.kind, Kind::Verb(v) if v.finite));
            matches!(sentence.chunks[*c].kind, Kind::Person(_)) && (subject || sentence.chunks[c - 1].sym == sym::COMMA)
        })?;
        let e = self.at((at.0, subject))?;
        (fronted && !named && fits(&self.list[e])).then_some(e)
    }

    /// The person of a pronoun's gender within three sentences before `at` that passes `test` and is spoken of most.
    pub(crate) fn recent_who(
        &self,
        doc: &Document<'_>,
        at: At,
        p: Pronoun,
        test: impl Fn(usize) -> bool,
    ) -> Option<usize> {
        let wanted = match p {
            Pronoun::He => Gender::Male,
            Pronoun::She => Gender::Female,
            _ => return None,
        };
        let fits = |e: usize| {
            let x = &self.list[e];
            !x.group && (x.gender.is_none() || x.gender == Some(wanted)) && test(e)
        };
        let near = (0..3).filter_map(|back| at.0.checked_sub(back));
        let same = near.filter(|s| doc.sentences[*s].part == doc.sentences[at.0].part);
        let before = same.flat_map(|s| {
            let end = if s == at.0 { at.1 } else { doc.sentences[s].chunks.len() };
            (0..end).rev().filter_map(move |c| self.at((s, c)))
        });
        // whom the text speaks of most; of several the last one
        let mut found: Option<(usize, usize)> = None;
        for e in before.filter(|e| fits(*e)) {
            let n = self.of.mentions(e);
            if found.is_none_or(|(_, m)| n > m) {
                found = Some((e, n));
            }
        }
        found.map(|(e, _)| e)
    }

    /// The last person that is a subject before `at`.
    pub(crate) fn last_subject(&self, doc: &Document<'_>, at: At) -> Option<usize> {
        (0..2).filter_map(|back| at.0.checked_sub(back)).find_map(|s| {
            let sentence = doc.sentences.get(s).filter(|x| x.part == doc.sentences[at.0].part)?;
            let subjects = sentence.clauses.iter().flat_map(|c| &c.subject).filter(|c| s < at.0 || **c < at.1);
            subjects.filter_map(|c| self.at((s, *c))).find(|e| !self.list[*e].group && !self.list[*e].anonymous)
        })
    }

    /// The person that a pronoun at `at` means: the subject before it, else the last one named.
    pub(crate) fn recent(&self, doc: &Document<'_>, at: At, p: Pronoun) -> Option<usize> {
        let wanted = match p {
            Pronoun::He => Some(Gender::Male),
            Pronoun::She => Some(Gender::Female),
            Pronoun::They | Pronoun::It | Pronoun::We => None,
        };
        if matches!(p, Pronoun::It | Pronoun::We) {
            return None;
        }
        // "the minister received him": whoever it is, it is not the subject
        let object: Vec<usize> = match doc.sentences[at.0].chunks[at.1].kind {
            Kind::Pronoun(_) => doc.sentences[at.0]
                .clauses
                .iter()
                .filter(|c| c.chunks.contains(&at.1) && c.verb.is_some_and(|v| v < at.1))
                .flat_map(|c| c.subject.iter().filter_map(|s| self.at((at.0, *s))))
                .collect(),
            _ => vec![],
        };
        let fits = |e: &Entity| {
            let subject = object.iter().any(|x| std::ptr::eq(&raw const self.list[*x], e));
            !subject
                && if p == Pronoun::They { e.group } else { !e.group && (e.gender.is_none() || e.gender == wanted) }
        };
        if p != Pronoun::They
            && let Some(e) = self.ahead(doc, at, fits)
        {
            return Some(e);
        }
        if p != Pronoun::They {
            let sentence = &doc.sentences[at.0];
            let mut clause =
                sentence.clauses.iter().position(|c| c.chunks.contains(&at.1) && !c.subject.contains(&at.1));
            clause = clause.or_else(|| sentence.clauses.iter().position(|c| c.chunks.contains(&at.1)));
            let mut up = clause.and_then(|k| sentence.clauses[k].parent);
            while let Some(k) = up {
                let subject = sentence.clauses[k].subject.iter().filter(|c| **c < at.1);
                if let Some(e) = subject.filter_map(|c| self.at((at.0, *c))).find(|e| fits(&self.list[*e])) {
                    return Some(e);
                }
                up = sentence.clauses[k].parent.filter(|p| *p < k);
            }
        }
        for back in 0..3 {
            let s = at.0.checked_sub(back)?;
            let sentence = &doc.sentences[s];
            if sentence.part != doc.sentences[at.0].part {
                return None;
            }
            let before = |c: usize| s < at.0 || c < at.1;
            // subjects first
            for clause in &sentence.clauses {
                for c in clause.subject.iter().filter(|c| before(**c)) {
                    if let Some(e) = self.at((s, *c))
                        && fits(&self.list[e])
                    {
                        return Some(e);
                    }
                }
            }
            for c in (0..sentence.chunks.len()).rev().filter(|c| before(*c)) {
                if let Some(e) = self.at((s, c))
                    && fits(&self.list[e])
                {
                    return Some(e);
                }
            }
        }
        None
    }
}
