; inherits: ecma types
