//! Only the example is of interest; a package has to have a library or a program.
