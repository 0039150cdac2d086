using System.Collections.Concurrent;
using System.Globalization;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using Acm.Server.Storage;
using Acm.Tests.Support;
using Microsoft.Data.Sqlite;

namespace Acm.Tests.Server;

public sealed class CrashTests : IDisposable
{
    private const int Rounds = 3;
    private const int Writers = 8;
    private const int PublishesBeforeKill = 400;
    private readonly string _folder = Directory.CreateTempSubdirectory("acm-crash-").FullName;

    [Fact]
    public async Task A_server_killed_while_it_writes_loses_nothing_acknowledged_and_tears_nothing()
    {
        string dataFile = Path.Combine(_folder, "acm.db");
        await using AcmServerProcess server = await AcmServerProcess.StartOnFileAsync(dataFile);
        var acknowledged = new ConcurrentDictionary<string, int>();
        var sent = new ConcurrentDictionary<string, int>();

        for (int round = 0; round < Rounds; round++)
        {
            await PublishUntilKilledAsync(server, round, acknowledged, sent);
            await server.RestartAsync();
            await CheckAsync(server, acknowledged, sent);
        }

        await server.StopAsync();
        CheckHistory(dataFile, acknowledged, sent);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static async Task PublishUntilKilledAsync(
        AcmServerProcess server,
        int round,
        ConcurrentDictionary<string, int> acknowledged,
        ConcurrentDictionary<string, int> sent)
    {
        int published = 0;
        var underLoad = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Task[] writers = [.. Enumerable.Range(0, Writers).Select(writer => Task.Run(async () =>
        {
            try
            {
                using RawHttp connection = await RawHttp.ConnectAsync(server.Uri);
                for (int i = 0; ; i++)
                {
                    // Each key has a single writer, so its versions are in order.
                    string key = $"w{writer}-k{i % 20}";
                    int version = (round * 1_000_000) + i;
                    sent[key] = version;
                    await connection.WriteAsync(
                        "POST /diamond-server/basestone.do?method=syncUpdateAll HTTP/1.1",
                        $"dataId={key}&group=G&content={Encoding.Latin1.GetString(Content(key, version))}");
                    RawResponse answer = await connection.ReadAsync();
                    Assert.Equal(200, answer.Status);
                    acknowledged[key] = version;
                    if (Interlocked.Increment(ref published) == PublishesBeforeKill) underLoad.SetResult();
                }
            }
            catch (Exception e) when (e is IOException or SocketException)
            {
                // The server was killed, possibly before this writer connected.
            }
        }))];

        await Task.WhenAny(underLoad.Task, Task.WhenAll(writers)).WaitAsync(Clients.Deadline);
        Assert.True(underLoad.Task.IsCompleted);
        server.Kill();
        await Task.WhenAll(writers).WaitAsync(Clients.Deadline);
    }

    private static async Task CheckAsync(AcmServerProcess server, ConcurrentDictionary<string, int> acknowledged, ConcurrentDictionary<string, int> sent)
    {
        using RawHttp connection = await RawHttp.ConnectAsync(server.Uri);
        foreach ((string key, int version) in acknowledged)
        {
            await connection.WriteAsync($"GET /diamond-server/config.co?dataId={key}&group=G HTTP/1.1");
            RawResponse answer = await connection.ReadAsync();

            // The last change may have been stored without an acknowledgement.
            bool isAcknowledged = answer.Body.AsSpan().SequenceEqual(Content(key, version));
            bool isSent = answer.Body.AsSpan().SequenceEqual(Content(key, sent[key]));
            Assert.True(answer.Status == 200 && (isAcknowledged || isSent), $"{key} is not version {version}: {answer.Status} {answer.Text[..Math.Min(60, answer.Text.Length)]}");
            Assert.Equal(Convert.ToHexStringLower(MD5.HashData(answer.Body)), answer.Header("Content-MD5"));
        }
    }

    private static void CheckHistory(string dataFile, ConcurrentDictionary<string, int> acknowledged, ConcurrentDictionary<string, int> sent)
    {
        using var connection = new SqliteConnection($"Data Source={dataFile};Pooling=False");
        connection.Open();
        using SqliteCommand check = SqliteFile.Command(connection, "PRAGMA integrity_check");
        Assert.Equal("ok", check.ExecuteScalar());
        Assert.Equal(0, SqliteFile.Number(connection, "SELECT count(*) FROM current LEFT JOIN history ON history.id = current.revision WHERE history.md5 IS NOT current.md5"));
        Assert.InRange(SqliteFile.Number(connection, "SELECT count(*) FROM current"), acknowledged.Count, sent.Count);

        using SqliteCommand all = SqliteFile.Command(connection, "SELECT md5, content FROM history");
        using SqliteDataReader row = all.ExecuteReader();
        int rows = 0;
        while (row.Read())
        {
            rows++;
            Assert.Equal(row.GetString(0), Convert.ToHexStringLower(MD5.HashData((byte[])row.GetValue(1))));
        }

        Assert.True(rows >= Rounds * PublishesBeforeKill);
    }

    private static byte[] Content(string key, int version) =>
        Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{key}.{version}.") + new string((char)('a' + (version % 26)), 3_000 + (version % 97)));
}
