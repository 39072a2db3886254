dvs init
mkdir -p photos/cats
printf 'meow\n' > photos/cats/tom.txt
printf 'purr\n' > photos/cats/kitty.txt
dvs add photos
printf 'woof\n' > photos/rex.txt
dvs add photos
