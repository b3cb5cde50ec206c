//! Memory of the process, as the kernel counts it.

/// Bytes that lie in RAM; `None` where the system has no `/proc`.
pub(super) fn resident() -> Option<u64> {
    kilobytes("/proc/self/status", "VmRSS:")
}

/// Bytes that the process may use: the limit of its control group (version 2), else the memory of the machine.
pub(super) fn limit() -> Option<u64> {
    let group = std::fs::read_to_string("/sys/fs/cgroup/memory.max").ok().and_then(|max| max.trim().parse().ok());
    group.or_else(|| kilobytes("/proc/meminfo", "MemTotal:"))
}

/// A line such as `VmRSS:   1234 kB`, in bytes.
fn kilobytes(file: &str, name: &str) -> Option<u64> {
    let text = std::fs::read_to_string(file).ok()?;
    let value = text.lines().find_map(|line| line.strip_prefix(name))?;
    let kilobytes: u64 = value.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kilobytes * 1024)
}

#[cfg(test)]
mod tests {
    #[test]
    #[cfg(target_os = "linux")]
    fn a_process_has_some_megabytes() {
        let bytes = super::resident().unwrap();
        assert!((1 << 20..1 << 40).contains(&bytes), "{bytes}");
        assert!(super::limit().unwrap() > bytes);
    }
}
