; ERB.

[(directive) (output_directive)] @parameter
(comment_directive) @comment
