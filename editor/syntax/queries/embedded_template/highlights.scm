; ERB and EJS: a template in another text.

(comment_directive) @comment
["<%" "<%=" "<%-" "<%_" "<%==" "%>" "-%>" "_%>" "=%>" "<%|" "<%|=" "<%|=="] @macro
["<%%" "%%>"] @escape
