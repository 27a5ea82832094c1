; XML.

(Comment) @comment
(STag (Name) @tag)
(ETag (Name) @tag)
(EmptyElemTag (Name) @tag)
(Attribute (Name) @attribute)
(PseudoAtt (Name) @attribute)
(doctypedecl (Name) @type)
[(AttValue) (PseudoAttValue) (EntityValue) (SystemLiteral) (PubidLiteral)] @string
(URI) @string.special
[(EntityRef) (CharRef) (PEReference)] @escape
(CData) @code
(PITarget) @macro
(elementdecl (Name) @tag)
(AttlistDecl (Name) @tag)
(AttDef (Name) @attribute)
[(StringType) (TokenizedType)] @type.builtin
[(VersionNum) (EncName)] @constant
["xml" "xml-stylesheet" "xml-model" "DOCTYPE" "ELEMENT" "ATTLIST" "ENTITY" "NOTATION" "PUBLIC" "SYSTEM" "CDATA"] @keyword
["version" "encoding" "standalone"] @attribute
"=" @operator
["<" ">" "</" "/>" "<?" "?>" "<!" "<![" "]]>" "[" "]"] @punctuation
