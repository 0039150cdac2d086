using System.Diagnostics;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;

namespace Acm.Benchmarks;

/// <summary>A process that returns the bytes of the measured server for every request, to measure Kestrel itself.</summary>
internal sealed class BareKestrel : IAsyncDisposable
{
    /// <summary>The first argument of such a process.</summary>
    public const string Argument = "bare-kestrel";

    private readonly Process _process;

    private BareKestrel(Process process, Uri uri)
    {
        _process = process;
        Uri = uri;
    }

    public Uri Uri { get; }

    /// <summary>Starts a process that returns the response of a URL.</summary>
    public static async Task<BareKestrel> StartAsync(Uri model)
    {
        Process process = Process.Start(new ProcessStartInfo("dotnet", [typeof(BareKestrel).Assembly.Location, Argument, model.ToString()])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        })!;
        string line = await process.StandardOutput.ReadLineAsync() ?? throw new InvalidOperationException("The bare server did not start.");
        return new BareKestrel(process, new Uri(line));
    }

    /// <summary>Runs the process until standard input ends.</summary>
    public static async Task RunAsync(Uri model)
    {
        (byte[] body, KeyValuePair<string, string>[] headers) = await ReadAsync(model);
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Listen(System.Net.IPAddress.Loopback, 0);
        });
        await using WebApplication application = builder.Build();
        application.Run(async context =>
        {
            foreach ((string name, string value) in headers) context.Response.Headers[name] = value;
            context.Response.ContentLength = body.Length;
            await context.Response.BodyWriter.WriteAsync(body);
        });
        await application.StartAsync();
        Console.WriteLine(application.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());
        await Console.In.ReadToEndAsync();
    }

    public async ValueTask DisposeAsync()
    {
        _process.StandardInput.Close();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    private static async Task<(byte[] Body, KeyValuePair<string, string>[] Headers)> ReadAsync(Uri model)
    {
        using var http = new HttpClient();
        using HttpResponseMessage answer = await http.GetAsync(model);
        KeyValuePair<string, string>[] headers = [.. answer.Headers.NonValidated.Concat(answer.Content.Headers.NonValidated)
            .Where(header => header.Key is not ("Date" or "Content-Length"))
            .Select(header => KeyValuePair.Create(header.Key, header.Value.ToString()))];
        return (await answer.Content.ReadAsByteArrayAsync(), headers);
    }
}
