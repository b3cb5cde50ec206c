//! How far the confidence of what the rules find can be trusted, as measured: a monotone table from raw to calibrated values.

use serde::Deserialize;

use crate::LoadError;

/// Name and text of the table.
pub(crate) const FILE: (&str, &str) = ("calibration.toml", include_str!("../../../config/calibration.toml"));

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Calibration {
    visits: Vec<[f32; 2]>,
    events: Vec<[f32; 2]>,
}

impl Calibration {
    pub(crate) fn builtin() -> Result<Self, LoadError> {
        Self::parse(FILE.1).map_err(|problem| LoadError::Rules { file: FILE.0.to_owned(), problem })
    }

    fn parse(text: &str) -> Result<Self, String> {
        let table: Self = toml::from_str(text).map_err(|e| e.to_string())?;
        for (name, points) in [("visits", &table.visits), ("events", &table.events)] {
            let inside = points.iter().flatten().all(|x| (0.0..=1.0).contains(x));
            let rising = points.windows(2).all(|w| w[0][0] < w[1][0] && w[0][1] <= w[1][1]);
            if points.is_empty() || !inside || !rising {
                return Err(format!("{name}: rising points [raw, calibrated] of 0 to 1 expected"));
            }
        }
        Ok(table)
    }

    pub(crate) fn visit(&self, raw: f32) -> f32 {
        between(&self.visits, raw)
    }

    pub(crate) fn event(&self, raw: f32) -> f32 {
        between(&self.events, raw)
    }
}

/// On the line between the two points around `raw`; before the first and behind the last, theirs.
fn between(points: &[[f32; 2]], raw: f32) -> f32 {
    let k = points.partition_point(|p| p[0] <= raw);
    match (k.checked_sub(1).map(|i| points[i]), points.get(k).copied()) {
        (Some([x0, y0]), Some([x1, y1])) => y0 + (raw - x0) / (x1 - x0) * (y1 - y0),
        (Some([_, y]), None) | (None, Some([_, y])) => y,
        (None, None) => raw,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_rises_and_stays_between_0_and_1() {
        let table = Calibration::builtin().unwrap();
        let mut last = (0.0, 0.0);
        for i in 0..=100u8 {
            let raw = f32::from(i) / 100.0;
            let now = (table.visit(raw), table.event(raw));
            assert!(now.0 >= last.0 && now.1 >= last.1 && now.0 <= 1.0 && now.1 <= 1.0, "{raw}: {now:?}");
            last = now;
        }
    }

    #[test]
    fn a_value_between_two_points_lies_on_their_line() {
        let table = Calibration::parse("visits = [[0.4, 0.6], [0.8, 0.8]]\nevents = [[0.5, 0.5]]").unwrap();
        assert!((table.visit(0.6) - 0.7).abs() < 1e-6);
        assert!((table.visit(0.1) - 0.6).abs() < 1e-6 && (table.visit(1.0) - 0.8).abs() < 1e-6);
    }

    #[test]
    fn a_falling_table_is_refused() {
        assert!(Calibration::parse("visits = [[0.4, 0.6], [0.8, 0.5]]\nevents = [[0.5, 0.5]]").is_err());
    }
}
