using Acm.Server.Storage;
using Microsoft.Data.Sqlite;

namespace Acm.Tests.Server;

/// <summary>The history may have millions of rows; no query scans all of them.</summary>
public sealed class HistoryPlanTests : IDisposable
{
    private readonly SqliteConnection _connection = new("Data Source=:memory:");

    public HistoryPlanTests()
    {
        _connection.Open();
        foreach (string step in SqliteSchema.StepsFrom(0)) SqliteFile.Execute(_connection, step);
    }

    [Theory]
    [InlineData(SqliteHistory.CountOfKey)]
    [InlineData(SqliteHistory.PageOfKey)]
    [InlineData(SqliteHistory.CountOfFormal)]
    [InlineData(SqliteHistory.PageOfFormal)]
    [InlineData(SqliteHistory.OneChange)]
    [InlineData(SqliteHistory.PruneOld)]
    [InlineData(SqliteHistory.PruneMany)]
    public void A_query_finds_its_rows_by_an_index(string query)
    {
        using SqliteCommand explain = SqliteFile.Command(_connection, "EXPLAIN QUERY PLAN " + query, "$tenant", "$group", "$dataId", "$gray", "$take", "$skip", "$id", "$before", "$kept");
        foreach (SqliteParameter parameter in explain.Parameters) parameter.Value = 1;

        var steps = new List<string>();
        using (SqliteDataReader row = explain.ExecuteReader())
        {
            while (row.Read()) steps.Add(row.GetString(3));
        }

        Assert.Contains(steps, step => step.StartsWith("SEARCH h", StringComparison.Ordinal));
        Assert.DoesNotContain(steps, step => step.StartsWith("SCAN", StringComparison.Ordinal) || step.Contains("TEMP B-TREE", StringComparison.Ordinal));
    }

    public void Dispose() => _connection.Dispose();
}
