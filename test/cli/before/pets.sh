# Pictures of pets, five of each, and a table of reviews.
dvs init
mkdir -p pets/cats pets/dogs
for name in felix kitty luna mimi simba tom; do
  for i in 1 2 3 4 5; do echo "$name the cat, picture $i" > "pets/cats/$name-$i.png"; done
done
for name in bello lassie rex snoopy; do
  for i in 1 2 3 4 5; do echo "$name the dog, picture $i" > "pets/dogs/$name-$i.png"; done
done
cat > reviews.csv <<'CSV'
id,time,stars,text
1,2025-01-04T09:00:00Z,5,"Wonderful, and quick."
2,2025-01-09T09:00:00Z,1,Broke on the first day.
3,2025-01-15T09:00:00Z,4,Does what it says
4,2025-02-02T09:00:00Z,5,"I would buy it again.
So would my cat."
5,2025-02-11T09:00:00Z,2,"It is ""fine""."
6,2025-03-01T09:00:00Z,5,Best thing ever
7,2025-03-12T09:00:00Z,1,Never arrived.
8,2025-04-20T09:00:00Z,4,does what  it says
9,2025-05-05T09:00:00Z,5,"Wonderful, and quick."
10,2025-06-30T09:00:00Z,3,So so.
CSV
dvs add pets reviews.csv
