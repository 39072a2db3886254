dvs init
mkdir -p digits/train
printf 'zero\n' > digits/train/0.txt
printf 'file,label\n' > digits/labels.csv
dvs add digits -m "as published"
printf 'file,label\n0.txt,0\n' > digits/labels.csv
dvs add
