//! From a struct as progenitor declares it to the one that users see.

use std::collections::BTreeMap;

use syn::punctuated::Punctuated;
use syn::visit_mut::{self, VisitMut};
use syn::{
    Attribute, Fields, FieldsNamed, GenericArgument, Ident, ItemStruct, Lit, Path, PathArguments,
    Type, parse_quote,
};

use crate::items::{Field, Role, Structure, doc_lines};
use crate::shape::Shape;

/// Takes the types of the fields and nothing else: the rest is ours.
pub(super) fn adapt(
    declared: &ItemStruct,
    structure: &Structure,
    spelled: &BTreeMap<String, String>,
) -> Result<ItemStruct, String> {
    let mut types = BTreeMap::new();
    if let Fields::Named(fields) = &declared.fields {
        for field in &fields.named {
            types.insert(wire_name(field)?, &field.ty);
        }
    }
    let members = structure.fields.iter().filter(|f| f.role != Role::Rest);
    let (found, wanted) = (types.len(), members.count());
    if found != wanted {
        return Err(format!("has {wanted} fields, progenitor declares {found}"));
    }
    let mut named = Punctuated::new();
    for field in &structure.fields {
        if field.role == Role::Rest {
            named.push(rest(field)?);
            continue;
        }
        let wire = &field.wire;
        let ty = types
            .get(wire)
            .ok_or_else(|| format!("progenitor declares no field {wire:?}"))?;
        let mut ty = (*ty).clone();
        Plain { spelled }.visit_type_mut(&mut ty);
        named.push(member(field, ty)?);
    }
    let docs = docs(&structure.doc);
    let name = identifier(&structure.name)?;
    let mut adapted: ItemStruct = parse_quote! {
        #(#docs)*
        #[derive(Clone, Default)]
        #[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
        #[non_exhaustive]
        pub struct #name {}
    };
    adapted.fields = Fields::Named(FieldsNamed {
        brace_token: Default::default(),
        named,
    });
    Ok(adapted)
}

/// The field for members that the document does not list; progenitor keeps none.
fn rest(field: &Field) -> Result<syn::Field, String> {
    let docs = docs(&field.doc);
    let name = identifier(&field.name)?;
    let ty: Type = syn::parse_str(&field.rust()).map_err(|error| error.to_string())?;
    Ok(parse_quote! {
        #(#docs)*
        #[cfg_attr(feature = "schemars", schemars(flatten))]
        pub #name: #ty
    })
}

fn member(field: &Field, ty: Type) -> Result<syn::Field, String> {
    // It boxes inside of an option or around it.
    let ty = unwrapped(ty, "Box");
    let is_option = argument_of(&ty, "Option").is_some();
    let (boxed, is_nullable) = match &field.shape {
        Shape::Nullable(inner) => (&**inner, true),
        shape => (shape, false),
    };
    let is_boxed = matches!(boxed, Shape::Boxed(_));
    // What closes a cycle of required fields is made optional by this crate, and what can be sent
    // as null is more than an option.
    if is_option != field.optional && !(is_boxed && field.optional) && !is_nullable {
        let declared = if is_option { "optional" } else { "required" };
        return Err(format!("progenitor declares {:?} {declared}", field.wire));
    }
    let mut inner = unwrapped(unwrapped(ty, "Option"), "Box");
    if matches!(boxed, Shape::Boxed(_)) {
        inner = parse_quote!(Box<#inner>);
    }
    if is_nullable {
        inner = parse_quote!(Nullable<#inner>);
    }
    let ty: Type = if field.optional {
        parse_quote!(Option<#inner>)
    } else {
        inner
    };
    let docs = docs(&field.doc);
    let deprecated: Option<Attribute> = field.deprecated.then(|| parse_quote!(#[deprecated]));
    let wire = &field.wire;
    let renamed: Option<Attribute> = (wire != field.name.trim_start_matches("r#"))
        .then(|| parse_quote!(#[cfg_attr(feature = "schemars", schemars(rename = #wire))]));
    let name = identifier(&field.name)?;
    Ok(parse_quote! {
        #(#docs)*
        #deprecated
        #renamed
        pub #name: #ty
    })
}

/// The name on the wire: what `serde(rename = …)` says, or the field's own.
fn wire_name(field: &syn::Field) -> Result<String, String> {
    let mut name = field.ident.as_ref().map(Ident::to_string);
    for attribute in field.attrs.iter().filter(|a| a.path().is_ident("serde")) {
        attribute
            .parse_nested_meta(|meta| {
                let value = match meta.value() {
                    Ok(value) => value.parse::<Lit>()?,
                    // Words without a value, such as `default`.
                    Err(_) => return Ok(()),
                };
                if let (true, Lit::Str(value)) = (meta.path.is_ident("rename"), value) {
                    name = Some(value.value());
                }
                Ok(())
            })
            .map_err(|error| format!("progenitor writes an unexpected attribute: {error}"))?;
    }
    name.ok_or_else(|| "progenitor declares a field without a name".to_owned())
}

/// Unwraps a `Box` or `Option`; any other type is returned as it is.
fn unwrapped(ty: Type, name: &str) -> Type {
    argument_of(&ty, name).cloned().unwrap_or(ty)
}

/// The type between the angle brackets of a path that ends with `name`.
fn argument_of<'a>(ty: &'a Type, name: &str) -> Option<&'a Type> {
    let Type::Path(path) = ty else { return None };
    let last = path.path.segments.last()?;
    let PathArguments::AngleBracketed(arguments) = &last.arguments else {
        return None;
    };
    match arguments.args.first()? {
        GenericArgument::Type(inner) if last.ident == name => Some(inner),
        _ => None,
    }
}

/// `::std::string::String` becomes `String`, and names of types get our spelling.
struct Plain<'a> {
    spelled: &'a BTreeMap<String, String>,
}

impl VisitMut for Plain<'_> {
    fn visit_path_mut(&mut self, path: &mut Path) {
        visit_mut::visit_path_mut(self, path);
        let Some(mut last) = path.segments.pop() else {
            return;
        };
        let is_ours = path.leading_colon.is_none();
        let spelled = self.spelled.get(&last.ident.to_string().to_lowercase());
        if let (true, Some(spelled)) = (is_ours, spelled) {
            last.ident = Ident::new(spelled, last.ident.span());
        }
        *path = Path::from(last);
    }
}

fn docs(text: &str) -> Vec<Attribute> {
    let lines = doc_lines(&[text]).into_iter();
    lines.map(|line| parse_quote!(#[doc = #line])).collect()
}

fn identifier(name: &str) -> Result<Ident, String> {
    syn::parse_str(name).map_err(|error| format!("{name:?} is not a name in Rust: {error}"))
}
