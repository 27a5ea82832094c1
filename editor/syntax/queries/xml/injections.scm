; Style sheets and scripts in SVG.

((element (STag (Name) @_tag) (content (CharData) @injection.content))
  (#eq? @_tag "style") (#set! injection.language "css"))
((element (STag (Name) @_tag) (content (CDSect (CData) @injection.content)))
  (#eq? @_tag "style") (#set! injection.language "css"))
((element (STag (Name) @_tag) (content (CDSect (CData) @injection.content)))
  (#eq? @_tag "script") (#set! injection.language "javascript"))
