//! Chunks that are one: "President of the United States" + "Barack Obama", "Xi, the Chinese president,", "Moscow, Russia".

mod list;

use crate::Engine;
use crate::chunk::{Chunk, Kind, Owner, PersonNp, PlaceNp, Tokens};
use crate::lexicon::{Form, GroupClass, sym};

use list::{is_leg, listed, office_holders};

/// Merges neighbouring chunks in place.
pub(crate) fn merge(engine: &Engine, chunks: &mut Vec<Chunk>) {
    let ends: Vec<u32> = chunks.iter().map(|c| c.tokens.1).collect();
    parentheses(chunks);
    office_holders(engine, chunks);
    place_of(engine, chunks);
    of_country(engine, chunks);
    troops_from(engine, chunks);
    portfolio(engine, chunks);
    desk(engine, chunks);
    errand(engine, chunks);
    apposition(engine, chunks);
    led_by(engine, chunks);
    city_and_country(engine, chunks);
    renumber_owners(chunks, &ends);
}

/// Nouns name their owner by the number of its chunk, which merging moves: it is the chunk that the owner's last token is in
/// now. An owner that went with a remark in brackets is none.
fn renumber_owners(chunks: &mut [Chunk], ends: &[u32]) {
    if ends.len() == chunks.len() {
        return;
    }
    let spans: Vec<Tokens> = chunks.iter().map(|c| c.tokens).collect();
    for c in chunks.iter_mut() {
        if let Kind::Noun(n) = &mut c.kind
            && let Some(Owner::Chunk(owner)) = n.owner
        {
            let end = ends.get(owner).copied().unwrap_or(0);
            n.owner = spans.iter().position(|(from, to)| *from < end && end <= *to).map(Owner::Chunk);
        }
    }
}

fn country_of(engine: &Engine, kind: &Kind) -> Option<u32> {
    match kind {
        Kind::Place(PlaceNp::Country(c)) => Some(*c),
        Kind::Place(PlaceNp::Region(r)) => Some(engine.gazetteer.region(*r).country),
        _ => None,
    }
}

/// "the president of China", then perhaps the name.
fn of_country(engine: &Engine, chunks: &mut Vec<Chunk>) {
    let mut i = 0;
    while i + 2 < chunks.len() {
        if chunks[i + 1].sym == engine.symbols.of {
            let country = country_of(engine, &chunks[i + 2].kind);
            let organisation = if let Kind::Org(o) = chunks[i + 2].kind { Some(o) } else { None };
            let inner = if let Kind::Group(g) = &chunks[i + 2].kind { Some(g.clone()) } else { None };
            let end = chunks[i + 2].tokens;
            // "President of the United States Barack Obama": the country was read as part of the name
            let whole = match (&chunks[i].kind, &chunks[i + 2].kind) {
                (Kind::Person(a), Kind::Person(b))
                    if a.name.is_none()
                        && a.country.is_none()
                        && b.name.is_some()
                        && b.role.is_none()
                        && !b.leader
                        && b.country.is_some() =>
                {
                    Some(join(a, b))
                }
                _ => None,
            };
            if let Some(p) = whole {
                chunks[i].kind = Kind::Person(Box::new(p));
                chunks[i].tokens.1 = end.1;
                chunks.drain(i + 1..i + 3);
                continue;
            }
            let taken = match &mut chunks[i].kind {
                Kind::Person(p)
                    if (country.is_some() && p.country.is_none())
                        || (organisation.is_some() && p.organisation.is_none() && p.name.is_none()) =>
                {
                    p.country = p.country.or(country);
                    p.country_span = p.country_span.or(country.map(|_| end));
                    p.organisation = p.organisation.or(organisation);
                    true
                }
                Kind::Group(g)
                    if inner.as_ref().is_some_and(|m| g.class == GroupClass::Sent || m.class == GroupClass::Sent) =>
                {
                    g.class = GroupClass::Sent;
                    // "a delegation of U.S. Treasury officials"
                    if let Some(m) = &inner {
                        g.country = g.country.or(m.country);
                        g.country_span = g.country_span.or(m.country_span);
                        g.organisation = g.organisation.or(m.organisation);
                    }
                    g.name.1 = end.1;
                    true
                }
                Kind::Group(g)
                    if (country.is_some() && g.country.is_none())
                        || (organisation.is_some() && g.organisation.is_none()) =>
                {
                    g.country = g.country.or(country);
                    g.country_span = g.country_span.or(country.map(|_| end));
                    g.organisation = g.organisation.or(organisation);
                    g.name.1 = end.1;
                    true
                }
                _ => false,
            };
            if taken {
                // "members of Japan's Komei Party": the body goes with them
                let body = matches!(chunks[i].kind, Kind::Group(_))
                    && chunks.get(i + 3).is_some_and(|c| c.sym == sym::POSSESSIVE)
                    && chunks
                        .get(i + 4)
                        .is_some_and(|c| matches!(c.kind, Kind::Group(_) | Kind::Org(_)) || c.sym == sym::THING);
                if body {
                    let last = chunks[i + 4].tokens.1;
                    if let Kind::Group(g) = &mut chunks[i].kind {
                        g.name.1 = last;
                    }
                    chunks[i].tokens.1 = last;
                    chunks.drain(i + 1..i + 5);
                    continue;
                }
                chunks[i].tokens.1 = end.1;
                chunks.drain(i + 1..i + 3);
                // "X of Ireland's opposition party": the body is part of who X is
                let owned = chunks.get(i + 1).is_some_and(|c| c.sym == sym::POSSESSIVE)
                    && matches!(chunks[i].kind, Kind::Person(_))
                    && chunks.get(i + 2).is_some_and(|c| matches!(c.kind, Kind::Group(_) | Kind::Org(_)));
                if owned {
                    chunks.drain(i + 1..i + 3);
                }
                continue;
            }
        }
        i += 1;
    }
    // office and name side by side
    let mut i = 0;
    while i + 1 < chunks.len() {
        if let (Kind::Person(a), Kind::Person(b)) = (&chunks[i].kind, &chunks[i + 1].kind)
            && a.name.is_none()
            && b.name.is_some()
            && b.role.is_none()
            && !a.indefinite
        {
            let joined = join(a, b);
            chunks[i].tokens.1 = chunks[i + 1].tokens.1;
            chunks[i].kind = Kind::Person(Box::new(joined));
            chunks.remove(i + 1);
            continue;
        }
        i += 1;
    }
}

fn join(office: &PersonNp, name: &PersonNp) -> PersonNp {
    let mut p = name.clone();
    p.role = p.role.or(office.role);
    p.role_span = p.role_span.or(office.role_span);
    p.country = p.country.or(office.country);
    p.country_span = p.country_span.or(office.country_span);
    p.organisation = p.organisation.or(office.organisation);
    p.leader |= office.leader;
    p.former |= office.former;
    p.deputy |= office.deputy;
    p.visiting |= office.visiting;
    p.owner = p.owner.or(office.owner);
    p.weak = false;
    p.indefinite = false;
    p
}

/// "Xi Jinping, the Chinese president, ..." and "the Chinese president, Xi Jinping, ...".
fn apposition(engine: &Engine, chunks: &mut Vec<Chunk>) {
    // "X, Trump's Middle East envoy,"
    let mut i = 0;
    while i + 5 < chunks.len() {
        let office = match (&chunks[i].kind, &chunks[i + 2].kind, &chunks[i + 4].kind) {
            (Kind::Person(a), Kind::Person(b), Kind::Person(c))
                if a.name.is_some()
                    && a.role.is_none()
                    && b.name.is_some()
                    && c.name.is_none()
                    && c.role.is_some()
                    && chunks[i + 1].sym == sym::COMMA
                    && chunks[i + 3].sym == sym::POSSESSIVE
                    && matches!(chunks[i + 5].sym, sym::COMMA | sym::STOP) =>
            {
                Some(join(c, a))
            }
            _ => None,
        };
        if let Some(p) = office {
            chunks[i].tokens.1 = chunks[i + 4].tokens.1;
            chunks[i].kind = Kind::Person(Box::new(p));
            let close = usize::from(chunks[i + 5].sym == sym::COMMA);
            chunks.drain(i + 1..i + 5 + close);
        }
        i += 1;
    }
    let rank = engine.gazetteer.role_by_name("military chief");
    let mut i = 0;
    while i + 2 < chunks.len() {
        if chunks[i + 1].sym == sym::COMMA
            && let (Kind::Person(a), Kind::Person(b)) = (&chunks[i].kind, &chunks[i + 2].kind)
        {
            let closed = chunks.get(i + 3).is_none_or(|c| {
                matches!(c.sym, sym::COMMA | sym::STOP | sym::CLOSE | sym::QUOTE) || matches!(c.kind, Kind::Verb(_))
            });
            let who = chunks.get(i + 3).is_some_and(|c| engine.symbols.relative.contains(&c.sym));
            let offices = a.role.is_some() || a.leader || b.role.is_some() || b.leader;
            let joined = match (a.name, b.name) {
                (Some(_), None) if a.role.is_none() && closed && offices => Some(join(b, a)),
                (None, Some(_)) if b.role.is_none() && closed && offices => Some(join(a, b)),
                // "State Secretary X, the official who"
                (Some(_), None) if b.role.is_some() && who && a.role.is_some() => Some((**a).clone()),
                (Some(_), None) if b.role.is_some() && who => Some(join(b, a)),
                // "General X, President of the Republic,": no rank, but the office
                (Some(_), None) if closed && a.role == rank && b.role.is_some() && b.role != rank => {
                    Some(join(b, &PersonNp { role: None, role_span: None, ..(**a).clone() }))
                }
                // "Malaysia's leader, Prime Minister X,"
                (None, Some(_)) if a.country.is_some() && b.country.is_none() && closed && a.deputy == b.deputy => {
                    Some(join(a, b))
                }
                _ => None,
            };
            if let Some(p) = joined {
                let end = chunks[i + 2].tokens.1;
                chunks[i].kind = Kind::Person(Box::new(p));
                chunks[i].tokens.1 = end;
                let close = usize::from(chunks.get(i + 3).is_some_and(|c| c.sym == sym::COMMA));
                chunks.drain(i + 1..i + 3 + close);
                continue;
            }
        }
        i += 1;
    }
}

/// "Oman's special envoy for Yemen, X", "the minister for trade and industry, X", "the envoy in Sudan X": what an office is for
/// stands between it and the name.
fn errand(engine: &Engine, chunks: &mut Vec<Chunk>) {
    let mut i = 0;
    while i + 2 < chunks.len() {
        let office = matches!(&chunks[i].kind, Kind::Person(p) if p.name.is_none() && p.role.is_some());
        let link = engine.lexicon.name_of(chunks[i + 1].sym);
        // "the Minister of Foreign Affairs and Cooperation, X"
        let both = link == "and"
            && chunks[i + 2].sym == sym::THING
            && chunks.get(i + 3).is_some_and(|c| c.sym == sym::COMMA)
            && chunks.get(i + 5).is_none_or(|c| c.sym == sym::COMMA);
        if !office || !(["for", "to", "in"].contains(&link) || both) {
            i += 1;
            continue;
        }
        if let (Kind::Person(a), Kind::Person(b)) = (&chunks[i].kind, &chunks[i + 2].kind)
            && let (Some(name), None, Some(span)) = (b.name, b.role, b.country_span)
            && span.0 < name.0
        {
            let mut joined = join(a, b);
            (joined.country, joined.country_span) = (a.country, a.country_span);
            chunks[i].tokens.1 = chunks[i + 2].tokens.1;
            chunks[i].kind = Kind::Person(Box::new(joined));
            chunks.drain(i + 1..i + 3);
            continue;
        }
        let matter = |c: &Chunk| match &c.kind {
            Kind::Place(_) | Kind::Org(_) => true,
            Kind::Noun(_) => c.sym == sym::THING,
            _ => c.sym == engine.symbols.and,
        };
        let end = (i + 2..chunks.len()).find(|k| !matter(&chunks[*k])).unwrap_or(chunks.len());
        let named = chunks
            .get(end + 1)
            .is_some_and(|c| matches!(&c.kind, Kind::Person(p) if p.name.is_some() && p.role.is_none()));
        let apposed = i > 1
            && chunks[i - 1].sym == sym::COMMA
            && matches!(&chunks[i - 2].kind, Kind::Person(p) if p.name.is_some() && p.role.is_none());
        if end > i + 2 && chunks.get(end).is_some_and(|c| c.sym == sym::COMMA) && (named || apposed) {
            chunks.drain(i + 1..end);
        }
        i += 1;
    }
}

/// "the minister of state at the Department of Foreign Affairs", "a delegation of the Ministry of Trade of Kenya": the desk goes
/// with whom it stands behind, and so does its country.
fn desk(engine: &Engine, chunks: &mut Vec<Chunk>) {
    let mut i = 0;
    while i + 2 < chunks.len() {
        let name = |k: usize| chunks.get(k).map_or("", |c: &Chunk| engine.lexicon.name_of(c.sym));
        let office =
            matches!(&chunks[i].kind, Kind::Person(p) if p.name.is_none() && p.role.is_some() && !p.indefinite);
        let body = matches!(&chunks[i].kind, Kind::Group(_));
        let mut end = i + 1;
        let mut country = None;
        // "of the Norwegian Foreign Ministry", "at the Department"
        if office
            && matches!(name(i + 1), "at" | "of")
            && match &chunks[i + 2].kind {
                Kind::Group(g) if g.class == GroupClass::Civil => {
                    country = g.country.zip(g.country_span);
                    true
                }
                Kind::Noun(_) => {
                    chunks[i + 2].sym == sym::THING && chunks.get(i + 4).is_some_and(|c| c.sym == sym::THING)
                }
                _ => false,
            }
        {
            end = i + 3;
        }
        // "of Foreign Affairs": behind a ministry or a department
        if (end > i + 1 || body) && name(end) == "of" && chunks.get(end + 1).is_some_and(|c| c.sym == sym::THING) {
            let of = name(end + 2) == "of";
            let home = chunks.get(end + 3).filter(|_| of).and_then(|c| Some((country_of(engine, &c.kind)?, c.tokens)));
            let verb = chunks.get(end + 2).is_some_and(|c| matches!(c.kind, Kind::Verb(_)));
            if home.is_some() {
                country = home;
                end += 4;
            } else if verb && !body {
                end += 2;
            }
        }
        if end > i + 1 {
            let last = chunks[end - 1].tokens.1;
            match &mut chunks[i].kind {
                Kind::Person(p) if p.country.is_none() => {
                    (p.country, p.country_span) = (country.map(|c| c.0), country.map(|c| c.1));
                }
                Kind::Group(g) if g.country.is_none() => {
                    (g.country, g.country_span) = (country.map(|c| c.0), country.map(|c| c.1));
                }
                _ => {}
            }
            chunks[i].tokens.1 = last;
            chunks.drain(i + 1..end);
        }
        i += 1;
    }
}

/// "a delegation led by X": its head stands for it.
fn led_by(engine: &Engine, chunks: &mut Vec<Chunk>) {
    let mut i = 0;
    while i + 4 < chunks.len() {
        // "a delegation, headed by X,"
        let lead =
            matches!(&chunks[i + 2].kind, Kind::Verb(v) if !v.passive && v.syms.contains(&engine.symbols.lead_verb));
        if lead
            && chunks[i + 1].sym == sym::COMMA
            && chunks[i + 3].sym == engine.symbols.by
            && matches!(&chunks[i].kind, Kind::Group(g) if g.class == GroupClass::Sent)
        {
            chunks.remove(i + 1);
        }
        i += 1;
    }
    let mut i = 0;
    while i + 3 < chunks.len() {
        let lead = matches!(&chunks[i + 1].kind, Kind::Verb(v) if !v.passive && v.syms.contains(&engine.symbols.lead_verb) && matches!(v.form, Form::Past | Form::Participle));
        if lead
            && chunks[i + 2].sym == engine.symbols.by
            && let (Kind::Group(g), Kind::Person(p)) = (&chunks[i].kind, &chunks[i + 3].kind)
            && g.class == GroupClass::Sent
            && p.name.is_some()
        {
            let mut head = p.clone();
            if head.country.is_none() && g.country.is_some() {
                (head.country, head.country_span) = (g.country, g.country_span);
            }
            head.organisation = head.organisation.or(g.organisation);
            head.visiting |= g.visiting;
            chunks[i].tokens.1 = chunks[i + 3].tokens.1;
            chunks[i].sym = if head.visiting { sym::VISITOR } else { chunks[i + 3].sym };
            if head.role.is_none() && !head.leader {
                head.role = engine.gazetteer.role_by_name("official");
                head.role_span = Some(chunks[i].tokens);
            }
            chunks[i].kind = Kind::Person(head);
            let close = usize::from(chunks.get(i + 4).is_some_and(|c| c.sym == sym::COMMA));
            chunks.drain(i + 1..i + 4 + close);
            continue;
        }
        i += 1;
    }
}

/// "Moscow, Russia": the country tells which city, and is no place of its own.
fn city_and_country(engine: &Engine, chunks: &mut Vec<Chunk>) {
    let mut i = 0;
    while i + 2 < chunks.len() {
        if chunks[i + 1].sym == sym::COMMA
            && let Some(country) = country_of(engine, &chunks[i + 2].kind)
            && let Kind::Place(PlaceNp::Cities(cities)) = &chunks[i].kind
        {
            let inside: Vec<u32> =
                cities.iter().copied().filter(|c| engine.gazetteer.city(*c).country == country).collect();
            if !inside.is_empty() {
                let end = chunks[i + 2].tokens.1;
                chunks[i].kind = Kind::Place(PlaceNp::Cities(inside));
                chunks[i].tokens.1 = end;
                let close = usize::from(chunks.get(i + 3).is_some_and(|c| c.sym == sym::COMMA));
                chunks.drain(i + 1..i + 3 + close);
                continue;
            }
        }
        i += 1;
    }
}

/// "soldiers from former Soviet republics": where they are from is part of the name.
fn troops_from(engine: &Engine, chunks: &mut Vec<Chunk>) {
    let mut i = 0;
    while i + 2 < chunks.len() {
        let origin = matches!(chunks[i + 2].kind, Kind::Place(_) | Kind::Noun(_) | Kind::Group(_))
            || matches!(&chunks[i + 2].kind, Kind::Person(p) if p.name.is_none());
        let country = country_of(engine, &chunks[i + 2].kind).or(match &chunks[i + 2].kind {
            Kind::Place(PlaceNp::Venue(v)) => Some(engine.gazetteer.venue(*v).country),
            _ => None,
        });
        let (span, from) = (chunks[i + 2].tokens, chunks[i + 1].sym == engine.symbols.from);
        if let Kind::Group(g) = &mut chunks[i].kind
            && g.country.is_none()
            && from
            && origin
        {
            g.country = country;
            g.country_span = country.map(|_| span);
            g.name.1 = span.1;
            chunks[i].tokens.1 = span.1;
            chunks.drain(i + 1..i + 3);
            // "leaders from Benin, Kenya and Mali", "from the Muslim Council of France"
            let more = if country.is_some() { listed(engine, chunks, i + 1) } else { 0 };
            let of = country.is_none() && chunks.get(i + 1).is_some_and(|c| c.sym == engine.symbols.of);
            let home = chunks.get(i + 2).filter(|_| of).and_then(|c| Some((country_of(engine, &c.kind)?, c.tokens)));
            if let (Some((country, span)), Kind::Group(g)) = (home, &mut chunks[i].kind) {
                (g.country, g.country_span, g.name.1) = (Some(country), Some(span), span.1);
                chunks[i].tokens.1 = span.1;
                chunks.drain(i + 1..i + 3);
            }
            chunks.drain(i + 1..i + 1 + more);
            continue;
        }
        i += 1;
    }
}

/// "the southern Albanian town of Vlore", "the Somali capital Mogadishu", "Dhaka, capital of Bangladesh,".
fn place_of(engine: &Engine, chunks: &mut Vec<Chunk>) {
    let mut i = 0;
    while i + 1 < chunks.len() {
        let town = matches!(&chunks[i].kind, Kind::Noun(n) if n.town)
            || matches!(chunks[i].kind, Kind::Place(PlaceNp::Capital(_)));
        let step = 1 + usize::from(chunks[i + 1].sym == engine.symbols.of);
        if town && chunks.get(i + step).is_some_and(|c| matches!(c.kind, Kind::Place(_))) {
            chunks[i + step].tokens.0 = chunks[i].tokens.0;
            chunks.drain(i..i + step);
            continue;
        }
        i += 1;
    }
    let mut i = 0;
    while i + 4 <= chunks.len() {
        let capital = chunks[i + 1].sym == sym::COMMA
            && matches!(chunks[i + 2].kind, Kind::Place(PlaceNp::Capital(_) | PlaceNp::Country(_)));
        let text = matches!(chunks[i].kind, Kind::Place(PlaceNp::Cities(_)));
        if capital && text && chunks[i + 2].tokens.1 - chunks[i + 2].tokens.0 > 2 {
            let close = usize::from(chunks.get(i + 3).is_some_and(|c| c.sym == sym::COMMA));
            chunks.drain(i + 1..i + 3 + close);
            continue;
        }
        i += 1;
    }
}

/// "(R-SC)", "(BBC)": short remarks in brackets are no part of the clause.
fn parentheses(chunks: &mut Vec<Chunk>) {
    let mut i = 0;
    while i < chunks.len() {
        if chunks[i].sym == sym::OPEN {
            let close = (i + 1..chunks.len().min(i + 10)).find(|k| chunks[*k].sym == sym::CLOSE);
            if let Some(close) = close
                && !chunks[i..close].iter().any(|c| matches!(c.kind, Kind::Verb(_)))
            {
                // "Algeria (13-15 October)": the days of a leg
                if close == i + 2 && i > 0 && is_leg(&chunks[i - 1], &chunks[i + 1]) {
                    chunks.remove(close);
                    chunks.remove(i);
                    continue;
                }
                chunks.drain(i..=close);
                continue;
            }
        }
        i += 1;
    }
}

/// "Assistant Secretary of State for South and Central Asian Affairs Richard Boucher".
fn portfolio(engine: &Engine, chunks: &mut Vec<Chunk>) {
    let mut i = 0;
    while i + 2 < chunks.len() {
        let office = matches!(&chunks[i].kind, Kind::Person(p) if p.name.is_none() && p.role.is_some());
        if office && engine.lexicon.name_of(chunks[i + 1].sym) == "for" {
            let plain = |c: &Chunk| {
                !matches!(c.kind, Kind::Verb(_) | Kind::Time(_)) && c.sym != sym::COMMA && c.sym != sym::STOP
            };
            let name = (i + 2..chunks.len().min(i + 7))
                .take_while(|k| plain(&chunks[*k]))
                .find(|k| matches!(&chunks[*k].kind, Kind::Person(p) if p.name.is_some() && p.role.is_none()));
            if let Some(k) = name
                && let (Kind::Person(a), Kind::Person(b)) = (&chunks[i].kind, &chunks[k].kind)
            {
                let mut joined = join(a, b);
                joined.country = a.country.or(b.country);
                chunks[i].tokens.1 = chunks[k].tokens.1;
                chunks[i].kind = Kind::Person(Box::new(joined));
                chunks.drain(i + 1..=k);
                continue;
            }
        }
        i += 1;
    }
}
