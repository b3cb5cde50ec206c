//! Loads the gazetteer and says how large it is and how long that took.

use std::time::Instant;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let started = Instant::now();
    let extra = std::env::args_os().nth(1);
    let g = match &extra {
        Some(dir) => dateline_gazetteer::Gazetteer::load_with_extra(dir.as_ref())?,
        None => dateline_gazetteer::Gazetteer::load()?,
    };
    let took = started.elapsed();
    let rss = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let rss = rss.lines().find(|l| l.starts_with("VmRSS")).unwrap_or("VmRSS unknown").to_owned();
    let report = format!(
        "version {}\ncountries {}\ndemonyms {}\nregions {}\ncities {}\nroles {} titles {}\norganisations {}\nvenues {}\nevents {}\n\
         people {} terms {}\ngiven names {}\nnames {} ({} KB)\nloaded in {:?}, {rss}\n",
        g.version(),
        g.countries().len(),
        g.demonyms().len(),
        g.regions().len(),
        g.cities().len(),
        g.roles().len(),
        g.titles().len(),
        g.organisations().len(),
        g.venues().len(),
        g.events().len(),
        g.people().len(),
        g.people().iter().map(|p| p.terms.len()).sum::<usize>(),
        g.given_name_count(),
        g.phrase_count(),
        g.index_bytes() / 1024,
        took,
    );
    std::io::Write::write_all(&mut std::io::stdout(), report.as_bytes())?;
    Ok(())
}
