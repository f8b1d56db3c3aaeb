package io.whimbrel.executor.reversal.fill;

import io.whimbrel.executor.schema.Quoted;

/** Values for generated rows: the same each time, of many forms, so that a loss of any shows. */
final class Value {
  private static final String LETTERS = "abcdefghijklmnopqrstuvwxyz";

  private Value() {}

  /**
   * An expression.
   *
   * @param row from 0
   * @param variant 0 for values that stretch the type; others are tamer, or taken from conditions
   */
  static String of(ColumnShape column, int row, int variant) {
    boolean empty = !column.required() && !column.unique() && row % 7 == 5 && variant == 0;
    if (empty) {
      return "NULL";
    }
    if (!column.hints().isEmpty()
        && (variant >= 2 || (variant == 0 && row % 3 == 2 && !column.unique()))) {
      String hint = column.hints().get((row + variant) % column.hints().size());
      return cast(column, column.array() ? "{" + quotedElement(hint) + "}" : hint);
    }
    String plain = plain(column, row, variant);
    return cast(
        column,
        column.array()
            ? "{"
                + quotedElement(plain)
                + ","
                + quotedElement(plain(column, row + 1, variant))
                + "}"
            : plain);
  }

  private static String cast(ColumnShape column, String text) {
    return Quoted.literal(text) + "::" + column.type();
  }

  private static String quotedElement(String text) {
    return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
  }

  private static String plain(ColumnShape column, int row, int variant) {
    if (!column.labels().isEmpty()) {
      return column.labels().get(row % column.labels().size());
    }
    boolean tame = variant > 0;
    return switch (column.base()) {
      case "bool" -> row % 2 == 0 ? "true" : "false";
      case "int2" -> tame ? "" + (row + 1) : "" + (row * 31 + 7);
      case "int4", "oid" ->
          tame ? "" + (row + 1) : "" + (row % 2 == 0 ? row * 10007 + 40000 : row + 1);
      case "int8", "xid8" ->
          tame ? "" + (row + 1) : row % 2 == 0 ? "" + (5_000_000_000L + row) : "" + (row + 1);
      case "numeric" -> numeric(column.modifier(), row);
      case "float4", "float8" -> (row + 1) + ".625";
      case "money" -> (row + 1) + ".25";
      case "text", "varchar", "bpchar", "citext", "name" -> text(column, row, tame);
      case "char" -> LETTERS.substring(row % 26, row % 26 + 1);
      case "date" -> date(row, tame);
      case "timestamp" -> date(row, tame) + (tame ? "" : " 13:14:15.123456");
      case "timestamptz" -> date(row, tame) + (tame ? " 00:00:00+00" : " 13:14:15.123456+02");
      case "time" -> "%02d:14:15.5".formatted(row % 24);
      case "timetz" -> "%02d:14:15.5+02".formatted(row % 24);
      case "interval" -> (row + 1) + " days 01:02:03.5";
      case "uuid" -> "00000000-0000-4000-8000-%012d".formatted(row + 1);
      case "json", "jsonb" -> "{\"a\": " + row + ", \"b\": \"x\"}";
      case "bytea" -> "\\x00ff%02x".formatted(row);
      case "inet" -> "10.0.0." + (row + 1) + "/24";
      case "cidr" -> "10.0." + (row + 1) + ".0/24";
      case "macaddr" -> "08:00:2b:01:02:%02x".formatted(row);
      case "macaddr8" -> "08:00:2b:01:02:03:04:%02x".formatted(row);
      case "bit" -> bits(Math.max(column.modifier(), 1), row);
      case "varbit" -> bits(Math.min(Math.max(column.modifier(), 8), 64), row);
      case "xml" -> "<a>" + row + "</a>";
      case "tsvector", "ltree" -> "word" + row;
      case "tsquery" -> "word" + row;
      case "point" -> "(" + row + ",1)";
      case "box", "lseg", "path" -> "((" + row + ",1),(2,3))";
      case "polygon" -> "((" + row + ",1),(2,3),(4,5))";
      case "line" -> "{1," + (row + 1) + ",3}";
      case "circle" -> "<(1,2)," + (row + 1) + ">";
      case "hstore" -> "a=>" + row;
      case "pg_lsn" -> "0/" + (row + 1);
      case "int4range", "int8range", "numrange" -> "[" + row * 10 + "," + (row * 10 + 5) + ")";
      case "daterange", "tsrange", "tstzrange" ->
          "[" + date(row, true) + "," + date(row + 1, true) + ")";
      default -> "" + (row + 1);
    };
  }

  private static String numeric(int modifier, int row) {
    if (modifier < 4) {
      return (row * 100003L + 1) + ".123456789";
    }
    int precision = ((modifier - 4) >> 16) & 0xffff;
    int scale = (modifier - 4) & 0x7ff;
    int whole = Math.max(precision - scale, 0);
    long most = (long) Math.pow(10, Math.min(whole, 9));
    String integer = whole == 0 ? "0" : "" + ((row * 7L + 1) % most);
    return scale == 0 || scale > 1000
        ? integer
        : integer + "." + "123456789012345678".substring(0, Math.min(scale, 18));
  }

  private static String text(ColumnShape column, int row, boolean tame) {
    int most =
        column.base().equals("name") ? 40 : column.modifier() < 4 ? 40 : column.modifier() - 4;
    String number = Integer.toString(row, 36);
    String text = tame ? "v" + number : "Value é '" + number + "' " + LETTERS;
    if (most >= 12) {
      return text.substring(0, Math.min(text.length(), most));
    }
    return most <= 1 ? LETTERS.substring(row % 26, row % 26 + 1) : pad(number, most, tame);
  }

  private static String pad(String number, int most, boolean tame) {
    String text =
        (tame ? "" : "Xy".substring(0, Math.max(0, Math.min(2, most - number.length())))) + number;
    return text.length() <= most ? text : text.substring(text.length() - most);
  }

  private static String date(int row, boolean tame) {
    return java.time.LocalDate.of(tame ? 2021 : 1999, 1, 1).plusDays(row * 11L).toString();
  }

  private static String bits(int length, int row) {
    StringBuilder bits = new StringBuilder();
    for (int i = 0; i < length; i++) {
      bits.append((row >> (i % 5)) & 1);
    }
    return bits.toString();
  }
}
