//! Reads of scattered memory, several at a time.

use std::hint::black_box;

/// Reads from items in groups before they are looked at one after the other. They lie scattered in
/// memory, and a processor waits for several at once only if it is asked for them together. Each
/// read is done for the whole group before the next one; the results do not matter.
pub(crate) fn read_ahead<T, const READS: usize>(
    mut items: impl Iterator<Item = T>,
    reads: [fn(&T) -> bool; READS],
) -> impl Iterator<Item = T> {
    const GROUP: usize = 32;
    let groups = std::iter::from_fn(move || {
        let group: Vec<T> = items.by_ref().take(GROUP).collect();
        for read in reads {
            black_box(group.iter().filter(|item| read(item)).count());
        }
        (!group.is_empty()).then_some(group)
    });
    groups.flatten()
}
