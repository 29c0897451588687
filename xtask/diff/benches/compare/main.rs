//! How long a comparison takes: `cargo bench -p spec-diff`.

use divan::{Bencher, black_box};
use serde_json::Value;

mod synthetic;

use synthetic::{Shape, document};

fn main() {
    divan::main();
}

/// About 1 MB of JSON, as large vendors publish it.
const LARGE: Shape = Shape {
    schemas: 650,
    operations: 160,
    properties: 8,
    changed: 0,
};

fn pair(changed: usize) -> (Value, Value) {
    (document(LARGE), document(Shape { changed, ..LARGE }))
}

/// One of so many schemas is different.
#[divan::bench(args = [0, 100, 1])]
fn comparing(bencher: Bencher<'_, '_>, changed: usize) {
    let (old, new) = pair(changed);
    bencher.bench_local(|| spec_diff::compare(black_box(&old), black_box(&new), None));
}

/// All that the command does: reading both texts, comparing, finding lines.
#[divan::bench(args = [0, 100, 1])]
fn reading_comparing_locating(bencher: Bencher<'_, '_>, changed: usize) {
    let (old, new) = pair(changed);
    let (old, new) = (format!("{old:#}"), format!("{new:#}"));
    bencher
        .counter(divan::counter::BytesCount::new(old.len() + new.len()))
        .bench_local(|| {
            let read = |text: &String| openapi_document::Source::read(text.clone());
            let (Ok((before, old)), Ok((after, new))) = (read(&old), read(&new)) else {
                return None;
            };
            let mut report = spec_diff::compare(&before, &after, None);
            report.locate(&old, &new);
            Some(report.changes.len())
        });
}

/// Twice the size takes about twice the time, cycles or not.
#[divan::bench(args = [500, 1000, 2000, 4000])]
fn cyclic_schemas(bencher: Bencher<'_, '_>, schemas: usize) {
    let shape = Shape {
        schemas,
        operations: schemas / 4,
        properties: 14,
        changed: 10,
    };
    let (old, new) = (
        document(Shape {
            changed: 0,
            ..shape
        }),
        document(shape),
    );
    bencher.bench_local(|| spec_diff::compare(black_box(&old), black_box(&new), None));
}

/// The same for depth.
#[divan::bench(args = [100, 200, 400])]
fn deep_schemas(bencher: Bencher<'_, '_>, depth: usize) {
    let (old, new) = (
        synthetic::deep(depth, "string"),
        synthetic::deep(depth, "integer"),
    );
    bencher.bench_local(|| spec_diff::compare(black_box(&old), black_box(&new), None));
}
