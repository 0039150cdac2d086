using Acm.Client;
using Acm.Tests.StandIns;

namespace Acm.Benchmarks;

/// <summary>Measures reading 1,000 encrypted configurations with the engine, and exporting them with the cmdlet, with a KMS latency of 10 ms. Each run starts with an empty cache.</summary>
internal static class EncryptedExport
{
    private const int Count = 1000;
    private const int Runs = 3;
    private const double Bound = 5000;

    private static readonly AcmCredential Keys = new("ak-test-0001", "sk-test-secret-0001");

    public static async Task<IReadOnlyList<Figure>> RunAsync()
    {
        await using BenchmarkServer server = await BenchmarkServer.StartAsync();
        await using var kms = new KmsStandIn();
        using var folder = new TemporaryFolder();
        var options = new AcmClientOptions
        {
            Endpoint = server.Uri.Authority,
            Direct = true,
            Credential = Keys,
            CaCertificatePath = kms.CaPath,
            TryTimeout = TimeSpan.FromSeconds(30),
            Kms = new AcmKmsOptions { Endpoint = kms.Address },
        };
        ConfigKey[] keys = [.. Enumerable.Range(0, Count).Select(i => new ConfigKey(FormattableString.Invariant($"{(i % 2 == 0 ? "cipher-" : "cipher-kms-aes-128-")}{i:0000}.txt")))];
        using (var writer = new AcmClient(options))
        {
            await Parallel.ForEachAsync(keys, new ParallelOptions { MaxDegreeOfParallelism = 16 }, async (key, token) => await writer.PublishAsync(key, "value of " + key.DataId, cancellationToken: token));
        }

        kms.Latency = TimeSpan.FromMilliseconds(10);
        int before = kms.Calls;
        double[] reads = new double[Runs];
        for (int i = 0; i < Runs; i++) reads[i] = await Timing.MillisecondsAsync(ReadAsync);
        int questions = (kms.Calls - before) / Runs;

        using var shell = new ModuleRunspace();
        double[] exports = new double[Runs];
        for (int i = 0; i < Runs; i++)
        {
            string target = Path.Combine(folder.Path, FormattableString.Invariant($"run-{i}"));
            shell.Run("""
                $secret = [securestring]::new()
                foreach ($c in 'sk-test-secret-0001'.ToCharArray()) { $secret.AppendChar($c) }
                $null = Connect-Acm $args[0] -Direct -NoSnapshot -TimeoutSec 30 -AccessKey ak-test-0001 -SecretKey $secret -UseKms -KmsEndpoint $args[1] -CaCertificatePath $args[2]
                """, server.Uri.Authority, kms.Address, kms.CaPath);
            exports[i] = await Timing.MillisecondsAsync(() => Task.FromResult(shell.Run("$null = Export-AcmConfig -Path $args[0]", target)));
            int files = Directory.EnumerateFiles(target, "cipher-*", SearchOption.AllDirectories).Count(file => File.ReadAllText(file) == "value of " + Path.GetFileName(file));
            if (files != Count) throw new InvalidOperationException($"{Count} files were to be exported in the clear, not {files}.");
        }

        return
        [
            new Figure("1,000 encrypted, KMS at 10 ms, the engine", Timing.Median(reads), Bound, "ms", FormattableString.Invariant($"{questions} questions to KMS a run, {kms.MostAtOnce} at once")),
            new Figure("1,000 encrypted, KMS at 10 ms, Export-AcmConfig", Timing.Median(exports), Bound, "ms", "to a folder"),
        ];

        async Task ReadAsync()
        {
            using var client = new AcmClient(options);
            IReadOnlyList<ConfigResult> results = await client.GetManyAsync(keys);
            if (results.Any(result => result.Config?.Content != "value of " + result.Key.DataId)) throw new InvalidOperationException("Not all were decrypted.");
        }
    }
}
