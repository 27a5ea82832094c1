; DTD.

(Comment) @comment
(AttDef) @parameter
(elementdecl (Name) @name) @tag.element
(GEDecl (Name) @name) @tag.entity
