; inherits: ecma types
; TypeScript.
