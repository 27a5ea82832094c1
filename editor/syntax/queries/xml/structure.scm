; XML.

[(element) (Comment)] @fold
(element) @indent
(ETag) @dedent
(element (content) @class.inner) @class
(Attribute) @parameter
(Comment) @comment
(element (STag (Name) @name (Attribute))) @tag.element
