"""What is wrong with the stack files, alone and against each other, without network."""
