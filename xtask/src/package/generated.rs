//! The generated code as a module file: `lib.rs` names it instead of including a build's output.

const INCLUDE: &str = r#"include!(concat!(env!("OUT_DIR"), "/generated.rs"));"#;

/// `lib.rs` with `mod generated;` where it had a module around the include. The module's attributes
/// and comments stay. Anything unexpected is an error: it would be lost silently.
pub(super) fn as_file(lib: &str) -> Result<String, String> {
    if lib.matches(INCLUDE).count() != 1 {
        return Err(format!("src/lib.rs: not exactly one {INCLUDE}"));
    }
    let unexpected = || "src/lib.rs: `mod generated` holds more than lints and the include";
    let (before, rest) = lib
        .split_once("\nmod generated {\n")
        .ok_or("src/lib.rs: no `mod generated {`")?;
    let (inside, after) = rest.split_once("\n}\n").ok_or_else(unexpected)?;
    let mut module = String::new();
    let mut included = false;
    for line in inside.lines().map(str::trim) {
        if line == INCLUDE {
            included = true;
        } else if line.starts_with("//") && !line.starts_with("//!") {
            module.push_str(line);
            module.push('\n');
        } else if let Some(attribute) = line.strip_prefix("#![")
            && line.ends_with(']')
        {
            module.push_str("#[");
            module.push_str(attribute);
            module.push('\n');
        } else {
            return Err(format!("{}: {line}", unexpected()));
        }
    }
    if !included {
        return Err(unexpected().to_owned());
    }
    Ok(format!("{before}\n{module}mod generated;\n{after}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_module_keeps_its_lints_and_comments() {
        let lib = format!(
            "mod a;\n\nmod generated {{\n    // Why.\n    #![allow(x, y)]\n    {INCLUDE}\n}}\npub use generated::E;\n"
        );
        assert_eq!(
            as_file(&lib).unwrap(),
            "mod a;\n\n// Why.\n#[allow(x, y)]\nmod generated;\npub use generated::E;\n"
        );
    }

    #[test]
    fn what_would_be_lost_is_an_error() {
        for lib in [
            "mod a;\n".to_owned(),
            format!("\n{INCLUDE}\n"),
            format!("\nmod generated {{\n    {INCLUDE}\n    {INCLUDE}\n}}\n"),
            format!("\nmod generated {{\n    {INCLUDE}\n    fn helper() {{}}\n}}\n"),
            format!("\nmod generated {{\n    fn a() {{}}\n}}\n{INCLUDE}\n"),
        ] {
            assert!(as_file(&lib).is_err(), "{lib}");
        }
    }
}
