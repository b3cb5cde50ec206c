//! When two dates fit.

use dateline_model::PartialDate;

use crate::gold::Accepted;

/// Matching rule: a null fits all; the coarser date covers the finer; full days may be one apart.
pub(crate) fn fits(gold: Option<PartialDate>, predicted: Option<PartialDate>) -> bool {
    let (Some(g), Some(p)) = (gold, predicted) else { return true };
    if g.contains(p) || p.contains(g) {
        return true;
    }
    matches!((g, p), (PartialDate::Day(a), PartialDate::Day(b)) if (a - b).num_days().abs() <= 1)
}

/// Field rule: an accepted value; where null is one, so is a month or year within a year of publication.
pub(crate) fn right(values: &Accepted<PartialDate>, predicted: Option<PartialDate>, year: Option<i32>) -> bool {
    let Some(p) = predicted else { return values.none() };
    values.has(Some(&p)) || (values.none() && p.precision() < 2 && year.is_none_or(|y| (p.year() - y).abs() <= 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn coarse_dates_cover_fine_ones_and_days_may_be_one_apart() {
        let fit = |a: &str, b: &str| fits(a.parse().ok(), b.parse().ok());
        assert!(
            fit("2025-05", "2025-05-07")
                && fit("2025-05-07", "2025")
                && fit("", "1990")
                && fit("2025-05-31", "2025-06-01")
        );
        assert!(!fit("2025-05-07", "2025-05-09") && !fit("2025-05", "2025-06") && !fit("2024", "2025-01-01"));
    }

    #[test]
    fn where_null_is_right_so_is_a_month_near_publication() {
        let values = Accepted(vec![None, "2025-05-07".parse().ok()]);
        let right = |p: &str| right(&values, p.parse().ok(), Some(2025));
        assert!(right("") && right("2025-05-07") && right("2025-06") && right("2024"));
        assert!(!right("2025-05-08") && !right("2022"));
    }
}
