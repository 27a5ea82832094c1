; inherits: ecma types jsx
