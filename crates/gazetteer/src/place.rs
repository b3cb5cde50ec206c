//! Cities, regions and venues.

use serde::Deserialize;
use toml::Spanned;

use crate::source::{Origin, Row, Source, Text, read_toml, split_bar, with_origin};
use crate::{Error, RoleId};

/// A city, town or other populated place.
#[derive(Debug)]
pub struct City {
    /// GeoNames id.
    pub id: u32,
    /// Name as an English newspaper prints it, or GeoNames' own.
    pub name: Text,
    pub(crate) alternates: Text,
    /// Index of [`crate::Country`].
    pub country: u32,
    /// Index of [`Region`], known for the United States, Canada and Australia.
    pub region: Option<u32>,
    /// Degrees north.
    pub lat: f32,
    /// Degrees east.
    pub lon: f32,
    /// Inhabitants, 0 where unknown.
    pub population: u32,
    /// It is its country's capital.
    pub capital: bool,
    /// The name is also an English word (`Reading`, `Nice`): believe it only with a preposition of place, a country or a dateline.
    pub common_word: bool,
    /// The name is also a given or family name (`Victoria`, `Washington`, `Sydney`): not a place beside another name.
    pub person_name: bool,
}

impl City {
    /// Other spellings and former names (`Peking`).
    pub fn alternates(&self) -> impl Iterator<Item = &str> {
        split_bar(&self.alternates)
    }
}

/// Columns of `cities.tsv`.
pub(crate) const CITY_COLUMNS: usize = 9;

/// A city and the region id that the row names, if any.
pub(crate) fn read_city(row: &Row, country: impl Fn(&str) -> Option<u32>) -> Result<(City, Text), Error> {
    let number = |column: usize, what: &str| {
        row.get(column).parse::<f64>().map_err(|_| row.error(format!("`{}` is no {what}", row.get(column))))
    };
    let code = row.get(2);
    let flags = row.get(7);
    if let Some(unknown) = flags.chars().find(|c| !"cwp".contains(*c)) {
        return Err(row.error(format!("unknown flag `{unknown}`: c capital, w common word, p personal name")));
    }
    let id = row.get(0).parse().map_err(|_| row.error("the id is no number"))?;
    if row.get(1).is_empty() {
        return Err(row.error("the name is missing"));
    }
    let population = if row.get(6).is_empty() { 0 } else { number(6, "population")? as u32 };
    let city = City {
        id,
        name: row.get(1),
        alternates: row.get(8),
        country: country(&code).ok_or_else(|| row.error(format!("unknown country `{code}`")))?,
        region: None,
        lat: number(4, "latitude")? as f32,
        lon: number(5, "longitude")? as f32,
        population,
        capital: flags.contains('c'),
        common_word: flags.contains('w'),
        person_name: flags.contains('p'),
    };
    Ok((city, row.get(3)))
}

/// A part of a country: state, province, island, disputed or historical region.
#[derive(Debug)]
pub struct Region {
    /// Own id: ISO 3166-2 for states and provinces (`US-CA`), else a word (`crimea`).
    pub id: Text,
    /// English name.
    pub name: Text,
    /// Other names.
    pub aliases: Vec<Text>,
    /// Index of [`crate::Country`].
    pub country: u32,
    /// What it is: state, province, region, island, sea...
    pub class: Text,
    /// Its main city: index of [`City`].
    pub capital: Option<u32>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RegionFile {
    #[serde(default)]
    region: Vec<Spanned<RawRegion>>,
    #[serde(default)]
    states: Vec<Spanned<RawStates>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RawRegion {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) country: String,
    #[serde(default)]
    pub(crate) aliases: Vec<String>,
    #[serde(default = "region_class")]
    pub(crate) class: String,
    pub(crate) capital: Option<String>,
    #[serde(default)]
    pub(crate) adjectives: Vec<String>,
    #[serde(default)]
    pub(crate) people: Vec<String>,
}

fn region_class() -> String {
    "region".to_owned()
}

/// Many regions of one country in a compact form: `code = ["Name", "alias", ...]`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RawStates {
    country: String,
    class: String,
    list: std::collections::BTreeMap<String, Vec<String>>,
}

pub(crate) fn read_regions(source: &Source) -> Result<Vec<(Origin, RawRegion)>, Error> {
    let file: RegionFile = read_toml(source)?;
    let mut regions: Vec<_> = with_origin(source, file.region).collect();
    for (origin, states) in with_origin(source, file.states) {
        for (code, mut names) in states.list {
            if names.is_empty() {
                return Err(origin.error(&code, "a name is missing"));
            }
            let name = names.remove(0);
            let id = format!("{}-{code}", states.country);
            let (country, class) = (states.country.clone(), states.class.clone());
            let (capital, adjectives, people) = (None, Vec::new(), Vec::new());
            let region = RawRegion { id, name, country, aliases: names, class, capital, adjectives, people };
            regions.push((origin.clone(), region));
        }
    }
    Ok(regions)
}

/// A building, residence, square or seat of government that news names instead of a city or of a government.
#[derive(Debug)]
pub struct Venue {
    /// Own id.
    pub id: Text,
    /// Name as printed in full.
    pub name: Text,
    /// Other names.
    pub aliases: Vec<Text>,
    /// Index of [`crate::Country`].
    pub country: u32,
    /// Index of [`City`].
    pub city: Option<u32>,
    /// One can go there. False for names of government only, such as Foggy Bottom or Whitehall.
    pub place: bool,
    /// As the subject of a sentence it is the country's government: the Kremlin.
    pub government: bool,
    /// The office that it speaks for: `the Kremlin` the president, `Downing Street` the prime minister.
    pub office: Option<RoleId>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct VenueFile {
    #[serde(default)]
    venue: Vec<Spanned<RawVenue>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RawVenue {
    pub(crate) id: String,
    pub(crate) name: String,
    #[serde(default)]
    pub(crate) aliases: Vec<String>,
    pub(crate) country: String,
    pub(crate) city: Option<String>,
    #[serde(default = "yes")]
    pub(crate) place: bool,
    #[serde(default)]
    pub(crate) government: bool,
    pub(crate) office: Option<String>,
}

fn yes() -> bool {
    true
}

pub(crate) fn read_venues(source: &Source) -> Result<impl Iterator<Item = (Origin, RawVenue)>, Error> {
    Ok(with_origin(source, read_toml::<VenueFile>(source)?.venue))
}
