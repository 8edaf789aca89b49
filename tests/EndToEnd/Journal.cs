using Microsoft.Data.Sqlite;

namespace SandQueue.EndToEnd;

/// <summary>Looks into the program's database from outside, as an operator may, also while it runs.</summary>
internal static class Journal
{
    static Journal() => SQLitePCL.Batteries_V2.Init();

    /// <summary>The rows a query gives, each as its values.</summary>
    public static List<object?[]> Query(string database, string sql)
    {
        var source = new SqliteConnectionStringBuilder { DataSource = database, Mode = SqliteOpenMode.ReadWrite, Pooling = false };
        using var connection = new SqliteConnection(source.ToString());
        connection.Open();
        using var command = connection.CreateCommand();
#pragma warning disable CA2100 // The queries are constants of the tests.
        command.CommandText = sql;
#pragma warning restore CA2100
        using var reader = command.ExecuteReader();
        var rows = new List<object?[]>();
        while (reader.Read())
        {
            var row = new object?[reader.FieldCount];
            reader.GetValues(row!);
            rows.Add(row);
        }

        return rows;
    }
}
