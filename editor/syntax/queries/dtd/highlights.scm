; Document type definitions.

(Comment) @comment
[(Name) (Nmtoken)] @property
(elementdecl (Name) @tag)
(AttlistDecl (Name) @tag)
(AttDef (Name) @attribute)
(GEDecl (Name) @constant)
(PEDecl (Name) @constant)
(NotationDecl (Name) @constant)
[(PEReference) (EntityRef) (CharRef)] @escape
[(AttValue) (EntityValue) (SystemLiteral) (PubidLiteral)] @string
(URI) @string.special
(PITarget) @macro
[(StringType) (TokenizedType)] @type.builtin
[(VersionNum) (EncName)] @constant
["ATTLIST" "ELEMENT" "ENTITY" "NOTATION" "PUBLIC" "SYSTEM" "NDATA" "INCLUDE" "IGNORE" "EMPTY" "ANY" "xml"] @keyword
["#FIXED" "#IMPLIED" "#PCDATA" "#REQUIRED"] @constant.builtin
["version" "encoding"] @attribute
["*" "+" "?" "|" "=" "%"] @operator
["(" ")" "," "<!" "<![" ">" "<?" "?>" "]]>" "["] @punctuation
