from ccc_numbers.components import run

run()  # the same for each instance that stacks/<stack>.yaml declares
