-- whimbrel:batch table=reading key=id size=auto
-- whimbrel:verify select count(*) = 0 from reading where celsius is null
update reading set celsius = (fahrenheit - 32) * 5 / 9 where celsius is null;
