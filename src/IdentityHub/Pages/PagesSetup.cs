using Microsoft.Extensions.Options;

namespace IdentityHub.Pages;

/// <summary>
/// What every page of the hub shares: the document and its look, the stylesheet and the script, the headers that
/// every response carries, the guard of posted forms, the texts and the language they are shown in, and what a person sees when something goes wrong. Pages are
/// static HTML that works without script. This folder knows no person, session or relying party: pages that show
/// those live with their capability. It may never let a stack trace, or a page without these headers, leave the hub.
/// </summary>
internal static class PagesSetup
{
    public static WebApplicationBuilder AddPages(this WebApplicationBuilder builder)
    {
        var https = builder.Configuration["Hub:Issuer"]?.StartsWith("https://", StringComparison.OrdinalIgnoreCase) == true;

        builder.Services.AddOptions<PagesOptions>().BindConfiguration("Pages").ValidateOnStart();
        builder.Services.AddSingleton<IValidateOptions<PagesOptions>, PagesOptionsRules>();
        builder.Services.AddSingleton<Brand>();
        builder.Services.AddRazorComponents();
        builder.Services.AddSingleton(SecurityHeaders.For(https));
        builder.Services.AddSingleton(new LanguageCookie(https));
        builder.Services.AddAntiforgery(options =>
        {
            options.Cookie = new FormCookie(https);
            options.SuppressXFrameOptionsHeader = true;
        });
        builder.Services.Configure<RouteHandlerOptions>(options => options.ThrowOnBadRequest = false);
        return builder;
    }

    public static WebApplication UsePages(this WebApplication app)
    {
        app.UseSecurityHeaders(app.Services.GetRequiredService<HeaderPolicyCollection>());
        app.Use(NoStore.Invoke);
        app.UseLanguages();
        app.UseExceptionHandler(new ExceptionHandlerOptions
        {
            ExceptionHandler = Failure.Unexpected,
            CreateScopeForErrors = true,
            SuppressDiagnosticsCallback = context => context.Exception is BadHttpRequestException,
        });
        app.UseStatusCodePages(Failure.EmptyAnswer);
        app.Use(ReadableRequest.Invoke);
        app.UseAntiforgery();
        app.Use(Failure.RefusedForm);
        return app;
    }

    /// <summary>Again after a step that gives the request another address than the browser asked for.</summary>
    public static WebApplication UseLanguages(this WebApplication app)
    {
        app.UseMiddleware<LanguageOfRequest>();
        return app;
    }

    public static WebApplication MapPages(this WebApplication app)
    {
        app.MapGet("/assets/{name}", PageAssets.Get);
        return app;
    }
}
